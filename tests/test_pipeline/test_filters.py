"""The filter steadies what rests, follows what moves, and knows no unit."""

from __future__ import annotations

import numpy as np
import pytest

from fanet_mmpose.pipeline.filters import OneEuroFilter, OneEuroOptions

RATE = 30.0


def run(points: np.ndarray, size: float = 100.0, rate: float = RATE) -> np.ndarray:
    smooth = OneEuroFilter()
    return np.stack([smooth(frame, i / rate, size) for i, frame in enumerate(points)])


def test_noise_about_a_resting_point_shrinks() -> None:
    noise = np.random.default_rng(0).normal(0, 0.5, (200, 5, 2))
    assert run(noise)[50:].std() < 0.6 * noise[50:].std()


def test_a_moving_point_is_followed_within_a_frame() -> None:
    step = 4.0  # px per frame on a face of 100 px
    track = np.arange(90.0)[:, None, None] * np.array([step, 0])
    assert np.abs(run(track)[45:] - track[45:]).max() < step


def test_more_beta_lags_less() -> None:
    track = np.arange(60.0)[:, None, None] * np.array([2.0, 1.0])

    def lag(beta: float) -> float:
        smooth = OneEuroFilter(OneEuroOptions(beta=beta))
        last = [smooth(frame, i / RATE, 100) for i, frame in enumerate(track)][-1]
        return float(np.abs(track[-1] - last).max())

    assert lag(50) < lag(5) < lag(0)


def test_the_unit_does_not_matter() -> None:
    track = np.cumsum(np.random.default_rng(1).normal(0, 1, (40, 3, 2)), 0)
    assert 7 * run(track, size=100) == pytest.approx(run(7 * track, size=700))


def test_the_first_frame_and_a_standing_clock_pass_through() -> None:
    smooth = OneEuroFilter()
    points = np.array([[1.0, 2]])
    assert np.array_equal(smooth(points, 1.0), points)
    assert np.array_equal(smooth(points + 5, 1.0), points + 5)
