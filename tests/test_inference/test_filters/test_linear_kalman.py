"""Against the textbook: batch least squares, and the formulas with their matrices."""

from __future__ import annotations

import numpy as np
import pytest

from fanet_mmpose.inference.filters.linear_kalman import ConstantVelocity, RandomWalk

VARIANCES, DENSITY, SECONDS = np.array([[0.5], [2.0]]), 0.3, 0.5
MOMENTS = np.array([0.5, 0.1, 2.0, 0.03, 0.03, 0.4])  # s between two frames


def batch_estimate(seen: np.ndarray, variance: float) -> np.ndarray:
    """Posterior mean of a random walk [T] by one linear solve."""
    count = len(seen)
    steps = np.diff(np.eye(count), axis=0)
    walk = steps.T @ steps / (DENSITY * SECONDS)
    return np.linalg.solve(walk + np.eye(count) / variance, seen / variance)


def in_matrices(seen: np.ndarray, variance: float, spread: float) -> np.ndarray:
    """Position [T] of one value with a speed, filtered, then smoothed by all later frames."""
    state, cov = np.array([seen[0], 0.0]), np.diag([variance, spread])
    filtered, expected = [(state, cov)], []
    for seconds, value in zip(MOMENTS, seen[1:], strict=True):
        step = np.array([[1, seconds], [0, 1]])
        square = seconds**2 / 2
        noise = DENSITY * np.array([[seconds**3 / 3, square], [square, seconds]])
        prior, prior_cov = step @ state, step @ cov @ step.T + noise
        gain = prior_cov[:, 0] / (prior_cov[0, 0] + variance)
        state = prior + gain * (value - prior[0])
        cov = prior_cov - np.outer(gain, prior_cov[0])
        filtered.append((state, cov))
        expected.append((step, prior, prior_cov))
    smoothed = [state]
    for (own, own_cov), (step, prior, prior_cov) in zip(
        filtered[-2::-1], expected[::-1], strict=True
    ):
        gain = own_cov @ step.T @ np.linalg.inv(prior_cov)
        smoothed.append(own + gain @ (smoothed[-1] - prior))
    return np.array(smoothed[::-1])[:, 0]


def test_a_random_walk_is_what_one_solve_gives() -> None:
    seen = np.random.default_rng(0).normal(0, 1, (6, 2, 1))
    core = RandomWalk(lag=5)
    core.start(seen[0], VARIANCES)
    for frame in seen[1:]:
        core.update(SECONDS, DENSITY, frame, VARIANCES)
    for point, variance in enumerate(VARIANCES[:, 0]):
        expected = batch_estimate(seen[:, point, 0], variance)
        found = [core.values(back)[point, 0] for back in range(5, -1, -1)]
        assert found == pytest.approx(expected)


@pytest.mark.parametrize('variance', [0.5, VARIANCES])
def test_a_speed_is_found_as_matrices_find_it(variance: float | np.ndarray) -> None:
    seen = np.random.default_rng(1).normal(0, 1, (len(MOMENTS) + 1, 2, 3))
    core = ConstantVelocity(lag=len(MOMENTS))
    core.start(seen[0], variance, 4.0)
    for seconds, frame in zip(MOMENTS, seen[1:], strict=True):
        core.update(seconds, DENSITY, frame, variance)
    found = np.array([core.values(back) for back in range(len(MOMENTS), -1, -1)])
    own = np.broadcast_to(variance, (2, 1))[:, 0]
    for point, column in np.ndindex(2, 3):
        expected = in_matrices(seen[:, point, column], own[point], 4.0)
        assert found[:, point, column] == pytest.approx(expected, abs=1e-10)


def test_a_straight_line_is_learnt_exactly() -> None:
    core = ConstantVelocity()
    line = np.arange(40.0)[:, None, None] * np.array([[3.0, -1]]) * SECONDS
    core.start(line[0], 0.5, 1e6)
    for frame in line[1:]:
        core.update(SECONDS, 1e-9, frame, 0.5)
    assert core.values() == pytest.approx(line[-1], abs=1e-3)
