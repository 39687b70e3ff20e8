"""SSD's head, patched: mmdet's cannot predict, and gives NaN for pictures without objects."""

from __future__ import annotations

from mmdet.models.dense_heads import SSDHead
from mmdet.registry import MODELS
from torch import Tensor

from fanet_mmpose.earlier_names import accept_earlier_types


@accept_earlier_types(MODELS)
@MODELS.register_module()
class PatchedSSDHead(SSDHead):
    """mmdet's `SSDHead` with the attribute that `BaseDenseHead` asks for when it predicts.

    Since version 3.2 that one reads ``loss_cls.custom_cls_channels``, and SSD, whose loss is a
    function, has no ``loss_cls`` (open-mmlab/mmdetection#11063, open). And SSD divides its losses
    by the number of matched anchors, which a batch without objects has none of. Registered with
    mmdet.
    """

    loss_cls = None

    def loss_by_feat_single(self, *maps: Tensor, avg_factor: int) -> tuple[Tensor, Tensor]:
        """As there, of one picture; without any object in the batch both losses are 0."""
        return super().loss_by_feat_single(*maps, avg_factor=max(avg_factor, 1))
