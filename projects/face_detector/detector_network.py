"""RTMDet with its normalisation and its decoding, as one module for export."""

from __future__ import annotations

import torch
from mmdet.models.dense_heads import RTMDetSepBNHead
from mmdet.models.detectors import SingleStageDetector
from torch import Tensor, nn

from fanet_mmpose.errors import UserError


class PictureToBoxes(nn.Module):
    """A one-class RTMDet from a uint8 picture to boxes and scores, without suppression.

    Args:
        model: mmdet's detector with an `RTMDetSepBNHead`.
        label: which class is the face.

    Raises:
        UserError: it has another head.
    """

    def __init__(self, model: SingleStageDetector, label: int = 0) -> None:
        super().__init__()
        head = getattr(model, 'bbox_head', None)
        if not isinstance(head, RTMDetSepBNHead):
            raise UserError(
                f'the head is {type(head).__name__}, and decoding inside the graph is written for '
                'RTMDetSepBNHead: use MMDeploy for the other heads of mmdet'
            )
        self.backbone, self.neck, self.head, self.label = model.backbone, model.neck, head, label
        self.red_first = bool(model.data_preprocessor._channel_conversion)
        self.register_buffer('mean', model.data_preprocessor.mean.clone(), False)
        self.register_buffer('std', model.data_preprocessor.std.clone(), False)
        self.strides = [stride[0] for stride in head.prior_generator.strides]
        self.eval()

    def forward(self, image: Tensor) -> tuple[Tensor, Tensor]:
        """Find faces.

        Args:
            image: uint8 [1, 3, H, W], blue first, H and W multiples of the largest stride.

        Returns:
            boxes [N, 4] x1, y1, x2, y2, px of the picture, and scores [N] in (0, 1).
        """
        picture = image.float()
        picture = ((picture.flip(1) if self.red_first else picture) - self.mean) / self.std
        scores, distances = self.head(self.neck(self.backbone(picture)))
        boxes = [
            self._boxes(distance[0].permute(1, 2, 0), stride)
            for distance, stride in zip(distances, self.strides, strict=True)
        ]
        flat = [level[0, self.label].reshape(-1) for level in scores]
        return torch.cat(boxes), torch.cat(flat).sigmoid()

    @staticmethod
    def _boxes(distances: Tensor, stride: int) -> Tensor:
        """Distances [h, w, 4] to left, top, right, bottom from the cells' points -> [h·w, 4]."""
        rows = torch.arange(distances.shape[0], dtype=torch.float32) * stride
        columns = torch.arange(distances.shape[1], dtype=torch.float32) * stride
        y, x = (rows[:, None] + 0 * columns), (columns + 0 * rows[:, None])
        points = torch.stack([x, y], -1)
        low, high = points - distances[..., :2], points + distances[..., 2:]
        return torch.cat([low, high], -1).reshape(-1, 4)
