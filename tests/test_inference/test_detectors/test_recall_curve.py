"""Recall at a rate of false boxes, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from fanet_mmpose.inference.detectors.recall_curve import first_hits, recall_at


def test_only_the_best_box_on_the_face_is_right() -> None:
    right = first_hits(np.array([0.9, 0.4, 0.8]), np.array([0.1, 0.7, 0.5]), 0.5)
    assert right.tolist() == [False, False, True]
    assert first_hits(np.array([0.9]), np.array([0.49]), 0.5).tolist() == [False]
    assert first_hits(np.zeros(0), np.zeros(0), 0.5).shape == (0,)


@pytest.mark.parametrize(('rate', 'expected'), [(0.0, 0.25), (0.25, 0.5), (0.5, 0.75), (1.0, 0.75)])
def test_recall_by_hand(rate: float, expected: float) -> None:
    # By descending score: right, false, right, false, right; four faces.
    scores = np.array([0.1, 0.9, 0.5, 0.8, 0.3])
    right = np.array([True, True, True, False, False])
    assert recall_at(scores, right, 4, rate) == expected


def test_a_threshold_cannot_part_equal_scores() -> None:
    assert recall_at(np.array([0.5, 0.5]), np.array([True, False]), 1, 0.0) == 0
    assert recall_at(np.array([0.5, 0.5]), np.array([True, False]), 1, 1.0) == 1
    assert recall_at(np.zeros(0), np.zeros(0, bool), 3, 1.0) == 0


def test_more_false_boxes_never_cost_recall() -> None:
    rng = np.random.default_rng(0)
    scores, right = rng.random(200).round(1), rng.random(200) < 0.3
    curve = [recall_at(scores, right, 100, rate) for rate in np.linspace(0, 2, 21)]
    assert (np.diff(curve) >= 0).all() and curve[-1] == right.sum() / 100
