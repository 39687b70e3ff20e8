"""TimmBackbone: any feature extractor of timm, which MMPose has no wrapper for."""

from __future__ import annotations

from collections.abc import Sequence

from mmengine.model import BaseModule
from mmpose.registry import MODELS
from torch import Tensor, nn

from fanet_mmpose.errors import UserError


@MODELS.register_module()
class TimmBackbone(BaseModule):
    """`timm.create_model(..., features_only=True)`.

    Args:
        model_name (str): One of `timm.list_models()`.
        out_indices (Sequence[int]): Which feature maps, counted from stride 2 (index 0) in most
            models. Defaults to (2, 3, 4).
        pretrained (bool): Weights file, read by timm; False starts from scratch. Defaults to False.
        frozen_stages (int): Neither the stem nor this many stages after it are trained, nor the
            statistics of their normalisation; -1 trains all. Defaults to -1.
        init_cfg (dict | None): MMEngine's; `Pretrained` reads keys `features.…` of a checkpoint.
            Defaults to None.

    Raises:
        UserError: timm is not installed, or the model has no such stages to freeze.
    """

    def __init__(
        self,
        model_name: str,
        out_indices: Sequence[int] = (2, 3, 4),
        pretrained: bool = False,
        frozen_stages: int = -1,
        init_cfg: dict | None = None,
    ) -> None:
        super().__init__(init_cfg)
        try:
            import timm
        except ModuleNotFoundError as error:
            raise UserError('TimmBackbone needs timm: pip install timm') from error
        self.features = timm.create_model(
            model_name, features_only=True, out_indices=tuple(out_indices), pretrained=pretrained
        )
        self._cut()
        self._frozen = self._first_stages(frozen_stages)
        for module in self._frozen:
            module.requires_grad_(False)

    def _first_stages(self, count: int) -> list[nn.Module]:
        """The stem's modules and `count` stages; nothing for -1."""
        if count < 0:
            return []
        stages = getattr(self.features, 'blocks', None)
        if not isinstance(stages, nn.Sequential) or count > len(stages):
            raise UserError(
                f'TimmBackbone: frozen_stages={count}: this model has '
                f'{len(stages) if isinstance(stages, nn.Sequential) else "no"} stages called blocks'
            )
        stem = [child for name, child in self.features.named_children() if name != 'blocks']
        return [*stem, *stages[:count]]

    def train(self, mode: bool = True) -> TimmBackbone:
        """As any module; what is frozen stays in evaluation mode."""
        super().train(mode)
        for module in self._frozen:
            module.eval()
        return self

    def _cut(self) -> None:
        """Drop stages that no wanted map needs: timm keeps those of its EfficientNets."""
        stages = getattr(self.features, '_stage_out_idx', None)
        if stages and isinstance(getattr(self.features, 'blocks', None), nn.Sequential):
            self.features.blocks = self.features.blocks[: max(stages)]

    def forward(self, x: Tensor) -> tuple[Tensor, ...]:
        """Images [B, 3, H, W] -> one map for each of `out_indices`, finest first."""
        return tuple(self.features(x))
