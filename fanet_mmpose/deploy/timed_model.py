"""Any top-down estimator, ready to be timed."""

from __future__ import annotations

from pathlib import Path

from mmengine.registry import DefaultScope
from torch import Tensor, nn

from fanet_mmpose.deploy.network import CropToLandmarks, Normalize
from fanet_mmpose.engine.config_errors import building_parts
from fanet_mmpose.engine.configs import load_config
from fanet_mmpose.errors import UserError
from fanet_mmpose.models.local_coordinate_head import LocalCoordinateHead


class RawOutputs(nn.Module):
    """Any top-down estimator, from uint8 crop to what its head gives, not decoded.

    Heads other than ours are decoded on the CPU by MMPose; leaving that out favours them.
    """

    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        self.normalize = Normalize(model.data_preprocessor)
        self.backbone, self.head = model.backbone, model.head
        self.neck = model.neck if getattr(model, 'neck', None) is not None else nn.Identity()
        self.codec = model.head.decoder

    def forward(self, image: Tensor) -> tuple[Tensor, ...]:
        outputs = self.head(self.neck(self.backbone(self.normalize(image))))
        return (outputs,) if isinstance(outputs, Tensor) else tuple(outputs)


def build_timed(config: str | Path) -> nn.Module:
    """A config's network with random weights, from uint8 crop on; speed does not depend on them.

    Raises:
        UserError: there is no such config, or its model is no top-down estimator.
    """
    from mmpose.models import build_pose_estimator

    loaded = load_config(config)
    if not loaded.get('model'):
        raise UserError(f'{config}: field model is missing: give the config of a model')
    with DefaultScope.overwrite_default_scope('mmpose'), building_parts(loaded):
        model = build_pose_estimator(loaded.model).eval()
    if isinstance(model.head, LocalCoordinateHead):
        return CropToLandmarks(model).eval()
    if not hasattr(model, 'head') or not hasattr(model.head, 'decoder'):
        raise UserError(f'{config}: {type(model).__name__} is no top-down estimator')
    return RawOutputs(model).eval()
