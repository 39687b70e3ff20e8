"""The fit finds what was applied, and points of weight 0 are ignored."""

from __future__ import annotations

import numpy as np
import pytest

from fanet_mmpose.geometry.similarity import apply_similarity, fit_similarity, undo_similarity

POINTS = np.random.default_rng(0).normal(0, 3, (9, 2))
POSE = np.array([0.8, -0.5, 12, -7])


def test_what_was_applied_is_found_and_undone() -> None:
    moved = apply_similarity(POSE, POINTS)
    assert fit_similarity(POINTS, moved, np.linspace(1, 2, 9)) == pytest.approx(POSE)
    assert undo_similarity(POSE, moved) == pytest.approx(POINTS)
    lengths = [np.linalg.norm(np.diff(points, axis=0), axis=1) for points in (POINTS, moved)]
    assert lengths[1] / lengths[0] == pytest.approx(np.hypot(*POSE[:2]))


def test_a_wrong_point_without_weight_does_no_harm() -> None:
    moved = apply_similarity(POSE, POINTS)
    moved[0] += 50
    weights = np.where(np.arange(9) == 0, 1e-12, 1)
    assert fit_similarity(POINTS, moved, weights) == pytest.approx(POSE, abs=1e-6)
