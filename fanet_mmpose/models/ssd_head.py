"""SSD's head, mended: mmdet's cannot predict."""

from __future__ import annotations

from mmdet.models.dense_heads import SSDHead
from mmdet.registry import MODELS


@MODELS.register_module()
class MendedSSDHead(SSDHead):
    """mmdet's `SSDHead` with the attribute that `BaseDenseHead` asks for when it predicts.

    Since version 3.2 that one reads ``loss_cls.custom_cls_channels``, and SSD, whose loss is a
    function, has no ``loss_cls`` (open-mmlab/mmdetection#11063, open). Registered with mmdet.
    """

    loss_cls = None
