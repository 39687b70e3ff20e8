"""PIPNet's head, for the arena: MMPose has none (Jin et al., arXiv 2003.03771)."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from mmengine.structures import InstanceData
from mmpose.models.heads.base_head import BaseHead
from mmpose.registry import KEYPOINT_CODECS, MODELS
from torch import Tensor, nn
from torch.nn import functional as F

from fanet_mmpose.datasets.schema_pictures import neutral_face
from fanet_mmpose.models.local_coordinate_head import stack_truth
from fanet_mmpose.models.losses import weighted_mean
from fanet_mmpose.models.score_map import find_peaks


def nearest_neighbors(schema: str, count: int) -> Tensor:
    """Indices [K, count] of each point's nearest others on a neutral face of a schema."""
    face = torch.as_tensor(neutral_face(schema), dtype=torch.float32)
    return torch.cdist(face, face).argsort(-1)[:, 1 : count + 1]


def gather_cells(maps: Tensor, cells: Tensor) -> Tensor:
    """Values at each landmark's cell: [B, K, V, h, w], long [B, K, 2] as (x, y) -> [B, K, V]."""
    index = cells[..., 1] * maps.shape[-1] + cells[..., 0]
    index = index[..., None, None].expand(-1, -1, maps.shape[2], 1)
    return maps.flatten(3).gather(3, index).squeeze(-1)


@MODELS.register_module()
class PIPHead(BaseHead):
    """On a coarse map: each landmark's cell, its offset, and the offsets of its neighbours.

    A landmark is where it says it is, averaged with where those say whose neighbour it is.

    Args:
        in_channels: Of the backbone's last map.
        schema: Point schema, for the neighbours.
        decoder: `LocalCoordinateLabel` of the map's stride.
        num_neighbors: For each landmark.
        score_weight: Of the loss on the score map.
    """

    def __init__(
        self,
        in_channels: int,
        schema: str,
        decoder: dict,
        num_neighbors: int = 10,
        score_weight: float = 10.0,
    ) -> None:
        super().__init__()
        neighbors = nearest_neighbors(schema, num_neighbors)
        self.num_keypoints = len(neighbors)
        # Whose places a cell of landmark k tells: its own, then its neighbours'.
        own = torch.arange(self.num_keypoints)[:, None]
        self.register_buffer('told', torch.cat([own, neighbors], 1), persistent=False)
        self.score_weight = score_weight
        self.score = nn.Conv2d(in_channels, self.num_keypoints, 1)
        self.offset = nn.Conv2d(in_channels, self.told.numel() * 2, 1)
        self.decoder = KEYPOINT_CODECS.build(decoder)

    def forward(self, feats: Sequence[Tensor]) -> tuple[Tensor, Tensor]:
        """Score maps [B, K, h, w] and offset maps [B, K, (1 + neighbours)·2, h, w], cells."""
        return self.score(feats[-1]), self.offset(feats[-1]).unflatten(1, (self.num_keypoints, -1))

    def loss(
        self, feats: Sequence[Tensor], batch_data_samples: Sequence, train_cfg: dict | None = None
    ) -> dict[str, Tensor]:
        """MSE of the score maps, L1 of the offsets at the true cells."""
        scores, offsets = (part.float() for part in self.forward(feats))
        truth = stack_truth(batch_data_samples)
        size = truth.coordinates.new_tensor([scores.shape[-1] - 1, scores.shape[-2] - 1])
        cells = truth.coordinates.round().clamp(min=torch.zeros_like(size), max=size).long()
        target = torch.zeros_like(scores).flatten(2)
        index = cells[..., 1:] * scores.shape[-1] + cells[..., :1]
        target.scatter_(2, index, 1.0)
        found = gather_cells(offsets, cells).unflatten(-1, (-1, 2))  # [B, K, 1 + N, 2]
        wanted = truth.coordinates[:, self.told] - cells[:, :, None]
        error = F.l1_loss(found, wanted, reduction='none').mean(-1)
        map_error = F.mse_loss(scores.flatten(2), target, reduction='none').mean(-1)
        return dict(
            loss_score=self.score_weight * weighted_mean(map_error, truth.weights),
            loss_offset=weighted_mean(error, truth.weights[:, self.told]),
        )

    def locate(self, feats: Sequence[Tensor]) -> tuple[Tensor, Tensor]:
        """Coordinates [B, K, 2] in cells, and the scores [B, K] of their cells."""
        scores, offsets = (part.float() for part in self.forward(feats))
        cells = find_peaks(scores)
        told = gather_cells(offsets, cells).unflatten(-1, (-1, 2)) + cells[:, :, None]
        batch = len(told)
        index = self.told.flatten().expand(batch, -1)
        total = told.new_zeros(batch, self.num_keypoints, 2)
        total.scatter_add_(1, index[..., None].expand(-1, -1, 2), told.flatten(1, 2))
        count = torch.bincount(self.told.flatten(), minlength=self.num_keypoints)
        return total / count[:, None], gather_cells(scores[:, :, None], cells).squeeze(-1)

    def predict(
        self, feats: Sequence[Tensor], batch_data_samples: Sequence, test_cfg: dict | None = None
    ) -> list[InstanceData]:
        """Points of a batch, in pixels of the crop: `keypoints` [1, K, 2], `keypoint_scores`."""
        coordinates, scores = self.locate(feats)
        faces = zip(coordinates.cpu().numpy(), scores.cpu().numpy(), strict=True)
        return [
            InstanceData(
                keypoints=(points * self.decoder.stride + (self.decoder.stride - 1) / 2)[None],
                keypoint_scores=score[None],
            )
            for points, score in faces
        ]
