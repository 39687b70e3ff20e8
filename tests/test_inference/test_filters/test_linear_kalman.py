"""Against the textbook: batch least squares gives what filter and smoother must give."""

from __future__ import annotations

import numpy as np
import pytest

from fanet_mmpose.inference.filters.linear_kalman import LinearKalman, constant_velocity, resting

VARIANCES, DENSITY, SECONDS = np.array([0.5, 2.0]), 0.3, 0.5


def batch_estimate(seen: np.ndarray, variance: float) -> np.ndarray:
    """Posterior mean of a random walk [T] by one linear solve."""
    count = len(seen)
    steps = np.diff(np.eye(count), axis=0)
    walk = steps.T @ steps / (DENSITY * SECONDS)
    return np.linalg.solve(walk + np.eye(count) / variance, seen / variance)


def test_a_random_walk_is_what_one_solve_gives() -> None:
    seen = np.random.default_rng(0).normal(0, 1, (6, 2, 1))
    core = LinearKalman(lag=5)
    core.start(seen[0], VARIANCES, np.zeros(0))
    for frame in seen[1:]:
        core.update(resting(SECONDS, DENSITY), frame, VARIANCES)
    for point, variance in enumerate(VARIANCES):
        expected = batch_estimate(seen[:, point, 0], variance)
        found = [core.values(back)[point, 0] for back in range(5, -1, -1)]
        assert found == pytest.approx(expected)


def test_a_straight_line_is_learnt_exactly() -> None:
    core = LinearKalman()
    line = np.arange(40.0)[:, None, None] * np.array([[3.0, -1]]) * SECONDS
    core.start(line[0], VARIANCES[:1], np.array([1e6]))
    for frame in line[1:]:
        core.update(constant_velocity(SECONDS, 1e-9), frame, VARIANCES[:1])
    assert core.values() == pytest.approx(line[-1], abs=1e-3)
