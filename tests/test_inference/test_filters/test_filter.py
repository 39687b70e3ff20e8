"""What every filter must do: steady what rests, follow what moves, know no unit."""

from __future__ import annotations

import numpy as np
import pytest

from fanet_mmpose.errors import UserError
from fanet_mmpose.inference.filters import Observation, build_filter, known_filters

RATE, SIZE, POINTS = 30.0, 100.0, 12
NAMES = [name for name in known_filters() if name != 'none']
SHAPE = np.random.default_rng(9).uniform(0, SIZE, (POINTS, 2))


def run(
    name: str, points: np.ndarray, size: float = SIZE, lag: int = 0, scale: float = 1.0
) -> np.ndarray:
    """Smoothed frames [T, K, 2] for measured ones; with a lag, the last `lag` are missing."""
    smooth, out = build_filter(name, lag), []
    for index, frame in enumerate(points):
        smooth.update(Observation(frame, index / RATE, size, np.full(len(frame), scale)))
        if index >= lag:
            out.append(smooth.points(lag))
    return np.stack(out)


@pytest.mark.parametrize('name', NAMES)
def test_noise_about_a_resting_face_shrinks(name: str) -> None:
    noise = np.random.default_rng(0).normal(0, 0.5, (200, POINTS, 2))
    after = run(name, SHAPE + noise) - SHAPE
    assert np.diff(after[50:], axis=0).std() < 0.7 * np.diff(noise[50:], axis=0).std()
    assert after[50:].std() < noise[50:].std()


@pytest.mark.parametrize('name', NAMES)
def test_a_moving_face_is_followed_within_a_frame(name: str) -> None:
    step = 4.0  # px a frame on a face of 100 px
    track = SHAPE + np.arange(90.0)[:, None, None] * np.array([step, 0])
    assert np.abs(run(name, track)[45:] - track[45:]).max() < step


@pytest.mark.parametrize('name', NAMES)
def test_the_unit_does_not_matter(name: str) -> None:
    walk = np.cumsum(np.random.default_rng(1).normal(0, 1, (40, POINTS, 2)), 0) + SHAPE
    once, often = run(name, walk), run(name, 7 * walk, size=7 * SIZE, scale=7)
    assert often == pytest.approx(7 * once)


@pytest.mark.parametrize('name', NAMES)
def test_the_first_frame_and_a_standing_clock_pass_through(name: str) -> None:
    smooth = build_filter(name)
    for points in (SHAPE, SHAPE[::-1] + 5):
        smooth.update(Observation(points, 1.0, SIZE, np.ones(POINTS)))
        assert smooth.points() == pytest.approx(points)


@pytest.mark.parametrize('name', ['kalman', 'uncertainty'])
def test_later_frames_make_it_steadier_and_truer(name: str) -> None:
    rng, turns = np.random.default_rng(3), np.linspace(0, 20, 240)
    truth = SHAPE + 30 * np.stack([np.sin(turns), np.cos(turns)], -1)[:, None]
    seen = truth + rng.normal(0, 1, truth.shape)
    now, late = run(name, seen)[30:-4] - truth[30:-4], run(name, seen, lag=4)[30:] - truth[30:-4]
    assert late.std() < 0.9 * now.std()
    assert np.diff(late, axis=0).std() < np.diff(now, axis=0).std()


def test_what_cannot_be_built_is_one_sentence() -> None:
    for arguments, sentence in (
        (('median',), 'unknown filter'),
        (('kalman', -1), 'lag=-1'),
        (('one_euro', 2), 'cannot use later frames'),
        (('none', 2), 'cannot use later frames'),
    ):
        with pytest.raises(UserError, match=sentence):
            build_filter(*arguments)
    assert build_filter('none') is None
