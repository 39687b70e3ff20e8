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


def test_the_fit_is_that_of_linear_least_squares() -> None:
    rng = np.random.default_rng(1)
    many, goal, weights = rng.normal(300, 40, (4, 9, 2)), rng.normal(9, 5, (9, 2)), np.arange(1, 10)
    poses = fit_similarity(many, goal, weights)
    for points, pose in zip(many, poses, strict=True):
        u, v = points.T
        one, none = np.ones(9), np.zeros(9)
        rows = np.concatenate([np.stack([u, -v, one, none], 1), np.stack([v, u, none, one], 1)])
        root = np.sqrt(np.tile(weights, 2))
        expected = np.linalg.lstsq(rows * root[:, None], goal.T.ravel() * root, rcond=None)[0]
        assert pose == pytest.approx(expected, abs=1e-9)
        a, b, x, y = pose
        plain = np.stack([a * u - b * v + x, b * u + a * v + y], 1)
        assert apply_similarity(pose, points) == pytest.approx(plain, abs=1e-10)
    assert undo_similarity(poses, apply_similarity(poses, many)) == pytest.approx(many, abs=1e-8)
    assert fit_similarity(np.ones((3, 2)), POINTS[:3]) == pytest.approx([0, 0, *POINTS[:3].mean(0)])
