"""Overlap and share of boxes."""

from __future__ import annotations

import numpy as np

from fanet_mmpose.inference.boxes import distinct, overlap, share_inside


def test_overlap_and_share() -> None:
    box = np.array([0.0, 0, 10, 10])
    assert overlap(box, []) == 0
    assert overlap(box, [np.array([20.0, 0, 30, 10]), np.array([0.0, 5, 10, 15])]) == 1 / 3
    assert share_inside(np.array([-5.0, 0, 5, 10]), (100, 100, 3)) == 0.5
    assert share_inside(np.array([-50.0, 0, -5, 10]), (100, 100, 3)) == 0


def test_of_boxes_on_one_place_the_surest_stays() -> None:
    boxes = np.array([[0.0, 0, 10, 10], [0, 1, 10, 11], [30, 0, 40, 10], [0, 0, 10, 10]])
    assert distinct(boxes, [0.7, 0.9, 0.5, 0.9], 0.6) == [1, 2]
    assert distinct(boxes, [0.7, 0.9, 0.5, 0.9], 0.95) == [1, 2, 3]
    part, beside = np.array([2.0, 6, 8, 10]), np.array([7.0, 0, 17, 10])
    assert distinct([boxes[0], part, beside], [0.9, 0.7, 0.8], 0.6) == [0, 2]
    assert distinct([], [], 0.5) == []
