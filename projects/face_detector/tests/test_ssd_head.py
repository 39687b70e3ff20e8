"""SSD's head learns nothing, and no NaN, from pictures without objects."""

from __future__ import annotations

import pytest

torch = pytest.importorskip('torch')
pytest.importorskip('mmdet')
from mmdet.structures import DetDataSample  # noqa: E402
from mmengine.hub import get_config  # noqa: E402
from mmengine.registry import DefaultScope  # noqa: E402
from mmengine.structures import InstanceData  # noqa: E402

from projects.face_detector.ssd_head import PatchedSSDHead  # noqa: E402

SIDES = (6, 3, 2, 1, 1, 1)


@pytest.fixture(scope='module')
def head() -> PatchedSSDHead:
    torch.manual_seed(0)
    model = get_config('mmdet::ssd/ssdlite_mobilenetv2-scratch_8xb24-600e_coco.py').model
    options = {**model.bbox_head, 'num_classes': 1}
    options.pop('type')
    with DefaultScope.overwrite_default_scope('mmdet'):
        return PatchedSSDHead(**options, train_cfg=model.train_cfg)


def losses_of(head: PatchedSSDHead, boxes: list[list[float]]) -> dict[str, torch.Tensor]:
    feats = [torch.randn(2, c, s, s) for c, s in zip(head.in_channels, SIDES, strict=True)]
    sample = DetDataSample(
        metainfo=dict(img_shape=(96, 96), batch_input_shape=(96, 96), pad_shape=(96, 96))
    )
    sample.gt_instances = InstanceData(
        bboxes=torch.tensor(boxes).reshape(-1, 4), labels=torch.zeros(len(boxes), dtype=torch.long)
    )
    with DefaultScope.overwrite_default_scope('mmdet'):
        losses = head.loss(feats, [sample, sample])
    return {name: sum(parts).sum() for name, parts in losses.items()}


def test_nothing_to_find_costs_nothing(head: PatchedSSDHead) -> None:
    assert all(loss == 0 for loss in losses_of(head, []).values())


def test_an_object_is_learnt_from(head: PatchedSSDHead) -> None:
    found = losses_of(head, [[10.0, 10, 70, 70]])
    assert all(torch.isfinite(loss) and loss > 0 for loss in found.values())
