"""The truth moves with the pixels, and the same seed films the same."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from projects.video_study.moving_camera import CameraOptions, camera_path, move_camera

CLEAN = CameraOptions(frames=12, noise=0, quality=(98, 98))
DOTS = np.array([[40.0, 50], [120, 45], [80, 95], [80, 130]])


@pytest.fixture(scope='module')
def picture() -> np.ndarray:
    """Soft bright dots on black, [160, 160, 3]."""
    rows, columns = np.mgrid[:160, :160]
    image = np.zeros((160, 160))
    for x, y in DOTS:
        image += 250 * np.exp(-((columns - x) ** 2 + (rows - y) ** 2) / 18)
    return np.repeat(image[..., None], 3, -1).clip(0, 255).astype(np.uint8)


def centroid(image: np.ndarray, near: np.ndarray, radius: int = 9) -> np.ndarray:
    x, y = near.round().astype(int)
    part = image[y - radius : y + radius + 1, x - radius : x + radius + 1, 0].astype(float)
    part[part < 20] = 0
    rows, columns = np.mgrid[-radius : radius + 1, -radius : radius + 1]
    return np.array([x + (part * columns).sum() / part.sum(), y + (part * rows).sum() / part.sum()])


def test_every_point_is_where_its_dot_is(picture: np.ndarray) -> None:
    for frame in move_camera(picture, DOTS, CLEAN, np.random.default_rng(0)):
        for point in frame.points:
            assert centroid(frame.image, point) == pytest.approx(point, abs=0.35)


def test_the_mouth_moves_in_the_face(picture: np.ndarray) -> None:
    still = replace(CLEAN, pan=0, roll=0, zoom=1, shake=0)
    frames = list(move_camera(picture, DOTS, still, np.random.default_rng(0)))
    moves = np.ptp(np.stack([frame.points for frame in frames]), axis=0)
    assert moves[3, 1] > 3 * moves[:2].max() and moves[:, 0].max() < 1e-9


def test_a_seed_decides_everything(picture: np.ndarray) -> None:
    noisy = replace(CLEAN, frames=3, noise=4)
    first, same, other = (
        list(move_camera(picture, DOTS, noisy, np.random.default_rng(seed))) for seed in (1, 1, 2)
    )
    assert all(np.array_equal(a.image, b.image) for a, b in zip(first, same, strict=True))
    assert not np.array_equal(first[1].points, other[1].points)


def test_the_path_stays_in_its_limits_and_rests_at_times() -> None:
    options = CameraOptions(frames=300, shake=0)
    path = camera_path(options, np.random.default_rng(3))
    assert np.abs(path[:, :2]).max() <= options.pan + 1e-9
    assert 1 / options.zoom - 1e-9 <= path[:, 2].min() <= path[:, 2].max() <= options.zoom + 1e-9
    still = np.abs(np.diff(path, axis=0)).max(1) < 1e-9
    assert 0.3 < still.mean() < 0.7
