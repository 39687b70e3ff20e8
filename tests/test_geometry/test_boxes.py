"""Tight boxes, overlaps and non-maximum suppression, against OpenCV's where it has them."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from fanet_mmpose.errors import UserError
from fanet_mmpose.geometry.boxes import (
    box_change,
    carry_box,
    checked_boxes,
    ios,
    iou,
    longer_side,
    max_iou,
    nms,
    share_inside,
    tight_box,
    xywh_to_xyxy,
    xyxy_to_xywh,
)

BOXES = np.array([[0.0, 0, 10, 10], [0, 1, 10, 11], [30, 0, 40, 10], [0, 0, 10, 10]])


def random_boxes(count: int) -> np.ndarray:
    rng = np.random.default_rng(0)
    corners = rng.uniform(0, 60, (count, 2))
    return np.concatenate([corners, corners + rng.uniform(2, 40, (count, 2))], axis=1)


def test_tight_boxes() -> None:
    points = np.array([[3.0, 9], [1, 4], [2, 5]])
    assert tight_box(points).tolist() == [1, 4, 3, 9]
    some = tight_box(np.stack([points, points]), np.array([[1, 0, 1], [0, 0, 0]]))
    assert some[0].tolist() == [2, 5, 3, 9]
    assert np.isnan(some[1]).all()
    assert np.isnan(tight_box(np.array([[1.0, 2], [np.nan, 3]]))).all()
    assert np.isnan(tight_box(np.zeros((0, 2)))).all()


def test_one_set_of_points_has_the_box_that_it_has_among_others() -> None:
    points = np.random.default_rng(5).normal(0, 50, (68, 2))
    lost = [np.where(np.arange(68)[:, None] == 9, wrong, points) for wrong in (np.nan, np.inf)]
    for one in (points, points.astype(np.float32), points[::-2], *lost):
        np.testing.assert_array_equal(tight_box(one), tight_box(one[None])[0])


def test_corners_and_sizes() -> None:
    boxes = random_boxes(5)
    np.testing.assert_allclose(xywh_to_xyxy(xyxy_to_xywh(boxes)), boxes)
    assert longer_side(np.array([1.0, 2, 4, 9])) == 7
    assert longer_side(BOXES).tolist() == [10] * 4


def test_overlaps() -> None:
    box = BOXES[0]
    others = [np.array([20.0, 0, 30, 10]), np.array([0.0, 5, 10, 15]), np.array([2.0, 2, 4, 4])]
    assert iou(box, others) == pytest.approx([0, 1 / 3, 0.04])
    assert ios(box, others) == pytest.approx([0, 0.5, 1])
    assert max_iou(box, others) == pytest.approx(1 / 3)
    assert max_iou(box, []) == 0
    assert iou(box, [np.array([5.0, 5, 5, 5])]) == [0]


@pytest.mark.parametrize('limit', [0.0, 0.3, 0.7])
def test_nms_keeps_what_opencv_keeps(limit: float) -> None:
    boxes = random_boxes(80)
    scores = np.random.default_rng(1).uniform(0, 1, 80)
    theirs = cv2.dnn.NMSBoxes(xyxy_to_xywh(boxes).tolist(), scores.tolist(), 0.0, limit)
    assert nms(boxes, scores, limit).tolist() == list(theirs)


def test_nms_over_the_smaller_box_removes_parts() -> None:
    part, beside = np.array([2.0, 6, 8, 10]), np.array([7.0, 0, 17, 10])
    assert nms(BOXES, [0.7, 0.9, 0.5, 0.9], max_ios=0.6).tolist() == [1, 2]
    assert nms(BOXES, [0.7, 0.9, 0.5, 0.9], max_ios=0.95).tolist() == [1, 3, 2]
    assert nms([BOXES[0], part, beside], [0.9, 0.7, 0.8], max_ios=0.6).tolist() == [0, 2]
    assert nms([BOXES[0], part], [0.9, 0.7], max_iou=0.6).tolist() == [0, 1]
    assert nms([], []).tolist() == []


def test_share_inside_the_picture() -> None:
    assert share_inside(np.array([-5.0, 0, 5, 10]), (100, 100, 3)) == 0.5
    assert share_inside(np.array([-50.0, 0, -5, 10]), (100, 100, 3)) == 0


def test_a_box_follows_another_one() -> None:
    moved = carry_box(BOXES[0], np.array([0.0, 0, 10, 10]), np.array([5.0, 5, 25, 25]))
    assert moved.tolist() == [5, 5, 25, 25]


def test_numbers_one_by_one_give_what_arrays_give() -> None:
    boxes = random_boxes(30) - 20
    sizes = boxes[:, 2:] - boxes[:, :2]
    assert np.array_equal(longer_side(boxes), sizes.max(1))
    for box, before, now in zip(boxes, boxes[1:], boxes[2:], strict=False):
        inside = np.clip(box, 0, [60, 40, 60, 40]).reshape(2, 2)
        share = np.diff(inside, axis=0).prod() / (box[2:] - box[:2]).prod()
        assert share_inside(box, (40, 60, 3)) == pytest.approx(share, abs=1e-12)
        middles = [(one[:2] + one[2:]) / 2 for one in (before, now)]
        scale = longer_side(now) / longer_side(before)
        expected = (box.reshape(2, 2) - middles[0]) * scale + middles[1]
        assert carry_box(box, before, now) == pytest.approx(expected.ravel(), abs=1e-10)
        shift = np.abs(middles[1] - middles[0]).max() / longer_side(now)
        assert box_change(before, now) == pytest.approx((shift, np.log(scale)), abs=1e-12)


def test_what_is_no_number_is_nowhere() -> None:
    unknown = np.full(4, np.nan)
    assert not share_inside(unknown, (40, 60)) >= 0
    assert np.isnan(carry_box(BOXES[0], BOXES[0], unknown)).all()
    assert box_change(np.full(4, 3.0), np.full(4, 3.0)) == (0, 0)  # both without extent


def test_boxes_of_a_user_are_checked() -> None:
    assert checked_boxes([[1, 2, 3, 4]]).tolist() == [[1, 2, 3, 4]]
    assert checked_boxes([]).shape == (0, 4)
    assert checked_boxes([[1, 2, 1, 2]]).shape == (1, 4)  # of no area, where all points coincide
    far = [[0, 0, np.inf, 5]], [[-np.inf, 0, 5, 5]], [[0, np.nan, 5, 5]]
    for wrong in (*far, [[0, 0, -5, 5]], [[np.nan] * 4], [[1, 2, 3]], [1, 2, 3, 4], 'abc', None):
        with pytest.raises(UserError, match='boxes: give x1, y1, x2, y2'):
            checked_boxes(wrong)
