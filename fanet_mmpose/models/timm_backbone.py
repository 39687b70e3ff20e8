"""TimmBackbone: any feature extractor of timm, which MMPose has no wrapper for."""

from __future__ import annotations

from collections.abc import Sequence

from mmengine.model import BaseModule
from mmpose.registry import MODELS
from torch import Tensor

from fanet_mmpose.errors import UserError


@MODELS.register_module()
class TimmBackbone(BaseModule):
    """`timm.create_model(..., features_only=True)`.

    Args:
        model_name: One of `timm.list_models()`.
        out_indices: Which feature maps, counted from stride 2 (index 0) in most models.
        pretrained: Weights file, read by timm; False starts from scratch.

    Raises:
        UserError: timm is not installed.
    """

    def __init__(
        self, model_name: str, out_indices: Sequence[int] = (2, 3, 4), pretrained: bool = False
    ) -> None:
        super().__init__()
        try:
            import timm
        except ModuleNotFoundError as error:
            raise UserError('TimmBackbone needs timm: pip install timm') from error
        self.features = timm.create_model(
            model_name, features_only=True, out_indices=tuple(out_indices), pretrained=pretrained
        )

    def forward(self, x: Tensor) -> tuple[Tensor, ...]:
        """Images [B, 3, H, W] -> one map for each of `out_indices`, finest first."""
        return tuple(self.features(x))
