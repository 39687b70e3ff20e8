"""Masks from boxes."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip('mmdet')
from mmdet.structures.bbox import HorizontalBoxes  # noqa: E402

from fanet_mmpose.datasets.ellipse_masks import EllipseMasks, ellipse_polygon  # noqa: E402

BOXES = np.array([[10.0, 20, 50, 80], [5, 5, 9, 7]])


def test_the_ellipse_touches_the_box() -> None:
    for box in BOXES:
        points = ellipse_polygon(box).reshape(-1, 2)
        assert points.min(0) == pytest.approx(box[:2], abs=0.1)
        assert points.max(0) == pytest.approx(box[2:], abs=0.1)


def test_masks_have_the_area_of_ellipses() -> None:
    results = {'gt_bboxes': HorizontalBoxes(BOXES), 'img_shape': (100, 60)}
    masks = EllipseMasks()(results)['gt_masks']
    assert (len(masks), masks.height, masks.width) == (2, 100, 60)
    assert masks.areas == pytest.approx(np.pi / 4 * np.array([40 * 60, 4 * 2]), rel=0.02)


def test_no_faces_are_no_masks() -> None:
    results = {'gt_bboxes': HorizontalBoxes(np.zeros((0, 4))), 'img_shape': (100, 60)}
    assert len(EllipseMasks()(results)['gt_masks']) == 0
