"""PointSetsHead: one trunk and neck, a head for each point set, trained together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mmengine.structures import InstanceData
from mmpose.models.heads.base_head import BaseHead
from mmpose.registry import MODELS
from torch import Tensor, nn

from fanet_mmpose.errors import UserError

from .local_coordinate_head import Truth, stack_truth


@MODELS.register_module()
class PointSetsHead(BaseHead):
    """Heads side by side on one landmark map. Each can be cut out and used alone.

    The points of a training face are those of all heads, one head's after another's
    (`PointSetsFaceDataset`); where a set has no label, its weights are 0 and its head learns
    nothing from the face.

    Args:
        heads (Mapping[str, dict]): Name -> `LocalCoordinateHead`, in the order of the points.
        decoder (dict): Of all heads.
        used (str): Whose points `predict` gives.
        init_cfg (dict | list[dict] | None): MMEngine's initialisation, in place of PyTorch's.
            Defaults to None.

    Raises:
        UserError: `used` is none of them.
    """

    def __init__(
        self,
        heads: Mapping[str, dict],
        decoder: dict,
        used: str,
        init_cfg: dict | list[dict] | None = None,
    ) -> None:
        super().__init__(init_cfg)
        if used not in heads:
            raise UserError(f'head.used={used!r} is none of the heads: {", ".join(heads)}')
        self.used = used
        self.heads = nn.ModuleDict(
            {name: MODELS.build(dict(head, decoder=decoder)) for name, head in heads.items()}
        )

    @property
    def decoder(self) -> object:
        """The codec of the head in use."""
        return self.heads[self.used].decoder

    def forward(self, feats: tuple[Tensor]) -> object:
        """(landmark map [B, C, h, w],) -> `Landmarks` of the head in use."""
        return self.heads[self.used](feats)

    def loss(
        self, feats: tuple[Tensor], batch_data_samples: Sequence, train_cfg: dict | None = None
    ) -> dict[str, Tensor]:
        """Losses of a batch, as `loss_TASK_NAME` for each task of each head."""
        truth, start, losses = stack_truth(batch_data_samples), 0, {}
        for name, head in self.heads.items():
            end = start + head.num_keypoints
            own = Truth(*(part[:, start:end] for part in truth))
            for key, value in head.loss_by_feat(head(feats), own).items():
                losses[f'{key}_{name}'] = value
            start = end
        return losses

    def predict(
        self, feats: tuple, batch_data_samples: Sequence, test_cfg: dict | None = None
    ) -> list[InstanceData] | tuple:
        """As `LocalCoordinateHead.predict`, of the head in use."""
        return self.heads[self.used].predict(feats, batch_data_samples, test_cfg)
