"""The trained network with its normalisation and its decoding, as one module for export."""

from __future__ import annotations

from pathlib import Path

import torch
from mmengine.config import Config
from mmengine.registry import DefaultScope
from mmpose.models import build_pose_estimator
from mmpose.models.pose_estimators import TopdownPoseEstimator
from torch import Tensor, nn

from fanet_mmpose.codecs.local_coordinate_label import cells_to_pixels
from fanet_mmpose.engine.checkpoint import check_shapes, load_checkpoint
from fanet_mmpose.engine.config_errors import building_parts
from fanet_mmpose.engine.configs import load_config
from fanet_mmpose.errors import UserError
from fanet_mmpose.models.local_coordinate_head import Landmarks, LocalCoordinateHead


class Normalize(nn.Module):
    """What MMPose's `PoseDataPreprocessor` does to a batch, for crops that are red first.

    uint8 [B, 3, H, W] -> float32 of the same shape, normalised, in the network's channel order.
    """

    def __init__(self, preprocessor: nn.Module) -> None:
        super().__init__()
        # Pipelines load pictures blue first; only with a conversion does the network see red first.
        self.flip_channels = not preprocessor._channel_conversion
        identity = torch.zeros(1, 1, 1), torch.ones(1, 1, 1)
        enabled = preprocessor._enable_normalize
        mean, std = (preprocessor.mean, preprocessor.std) if enabled else identity
        self.register_buffer('mean', mean.clone(), False)
        self.register_buffer('std', std.clone(), False)

    def forward(self, image: Tensor) -> Tensor:
        image = image.float()
        return ((image.flip(1) if self.flip_channels else image) - self.mean) / self.std


class CropToLandmarks(nn.Module):
    """A FANet estimator from uint8 crop to landmarks in pixels of the crop.

    Args:
        model: estimator with a `LocalCoordinateHead`.
    """

    def __init__(self, model: TopdownPoseEstimator) -> None:
        super().__init__()
        self.normalize = Normalize(model.data_preprocessor)
        self.backbone, self.neck, self.head = model.backbone, model.neck, model.head
        self.codec = model.head.decoder
        self.has_visibility = model.head.loss_visibility is not None
        # The exporter restores the mode that it finds here, also in the parts.
        self.eval()

    def find(self, image: Tensor) -> Landmarks:
        """uint8 crops [B, 3, H, W], red first -> landmarks in cells."""
        return self.head.forward(self.neck(self.backbone(self.normalize(image))))

    def forward(self, image: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Find landmarks.

        Args:
            image: uint8 crops [B, 3, H, W], red first.

        Returns:
            keypoints [B, K, 2] and scales [B, K] last, both px of the crop; between them scores
            and visibility [B, K] in (0, 1), as `runtime.OUTPUTS` names them.
        """
        found = self.find(image)
        keypoints = cells_to_pixels(found.refined.float(), self.codec.stride)
        scales = found.log_scale.float().exp() * self.codec.stride
        # `scale_to_score` of the codec, in operators that ONNX has.
        scores = 1 - torch.exp(-self.codec.tolerance / scales.clamp(min=1e-6))
        visibility = found.visibility.float().sigmoid() if self.has_visibility else scores + 0
        return keypoints, scores, visibility, scales


def build_network(config: Config, path: str | Path) -> TopdownPoseEstimator:
    """The estimator of a config, untrained, in evaluation mode; `path` is named in messages.

    Raises:
        UserError: it is no FANet, or its input size does not fit its landmark map.
    """
    model_config = config.get('model') or {}
    if not (model_config.get('head') or {}).get('type'):
        raise UserError(f'{path}: field model.head is missing: give the config of a FANet')
    with DefaultScope.overwrite_default_scope('mmpose'), building_parts(config):
        model = build_pose_estimator(model_config).eval()
    if not isinstance(model.head, LocalCoordinateHead):
        raise UserError(
            f'{path}: model.head is {type(model.head).__name__}, and decoding inside the graph is '
            'written for LocalCoordinateHead: use MMDeploy for the other heads of MMPose'
        )
    check_input_size(model, path)
    return model


def load_network(config: str | Path, checkpoint: str | Path) -> tuple[Config, TopdownPoseEstimator]:
    """Config and trained estimator in evaluation mode, on the CPU.

    Raises:
        UserError: either file is missing or damaged, the checkpoint belongs to another network,
            or `build_network` refuses the config.
    """
    loaded = load_config(config)
    content = load_checkpoint(checkpoint)
    model = build_network(loaded, config)
    check_shapes(content, model, str(checkpoint))
    weights = {name.removeprefix('module.'): value for name, value in content['state_dict'].items()}
    model.load_state_dict(weights, strict=False)  # shapes and names are checked, buffers may lack
    return loaded, model


@torch.no_grad()
def check_input_size(model: TopdownPoseEstimator, path: str | Path) -> None:
    """Raise `UserError` unless the landmark map covers the crop of the codec's input size."""
    codec = model.head.decoder
    width, height = codec.input_size
    found = CropToLandmarks(model).find(torch.zeros(1, 3, height, width, dtype=torch.uint8))
    rows, columns = found.score_map.shape[-2:]
    if (columns * codec.stride, rows * codec.stride) != (width, height):
        raise UserError(
            f'{path}: input_size {width}×{height} gives a map of {columns}×{rows} cells of '
            f'{codec.stride} px, which is another size: choose multiples of 32'
        )
