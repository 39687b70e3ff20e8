"""The metrics read off what was put in."""

from __future__ import annotations

import numpy as np
import pytest

from projects.video_study.flicker import lag_in_frames, mean_flicker

TIMES = np.arange(400.0)
TRUTH = np.stack([30 * np.sin(TIMES / 15), 20 * np.cos(TIMES / 11)], -1)[:, None].repeat(6, 1)
FACTORS = np.full(400, 50.0)


def test_a_steady_error_does_not_flicker_and_has_no_lag() -> None:
    found = TRUTH + np.arange(6)[:, None]
    assert mean_flicker(found, TRUTH, FACTORS) == pytest.approx(0, abs=1e-9)
    assert lag_in_frames(found, TRUTH) == pytest.approx(0, abs=1e-9)


def test_flicker_of_white_noise_is_its_jump_in_per_cent() -> None:
    noise = np.random.default_rng(0).normal(0, 0.5, TRUTH.shape)
    jump = np.sqrt(2 * 2) * 0.5  # two coordinates, two frames
    assert mean_flicker(TRUTH + noise, TRUTH, FACTORS) == pytest.approx(100 * jump / 50, rel=0.05)
    assert mean_flicker(TRUTH + noise, TRUTH, 2 * FACTORS) == pytest.approx(jump, rel=0.05)


@pytest.mark.parametrize('lag', [0.3, 1, 2])
def test_a_delay_is_the_lag(lag: float) -> None:
    before = TIMES - lag
    late = np.stack([30 * np.sin(before / 15), 20 * np.cos(before / 11)], -1)[:, None]
    noise = np.random.default_rng(1).normal(0, 0.3, TRUTH.shape)
    assert lag_in_frames(late + noise, TRUTH) == pytest.approx(lag, rel=0.05)
