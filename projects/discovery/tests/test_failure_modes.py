"""Known failures are counted, a turned and enlarged face is none."""

from __future__ import annotations

import numpy as np

from projects.discovery.failure_modes import failures, off_face, swapped
from projects.discovery.linear_probe import FaceSet

SHAPE = np.random.default_rng(0).uniform(0.3, 0.7, (8, 2))


def turned(count: int) -> np.ndarray:
    angles = np.linspace(-0.6, 0.6, count)
    turns = np.array([[np.cos(angles), -np.sin(angles)], [np.sin(angles), np.cos(angles)]])
    sizes = np.linspace(0.8, 1.2, count)[:, None, None]
    return (SHAPE - 0.5) @ turns.transpose(2, 1, 0) * sizes + 0.5


def test_only_points_that_changed_places_are_swapped() -> None:
    faces = turned(9)
    assert not swapped(faces).any()
    faces[4, [0, 5]] = faces[4, [5, 0]]
    assert swapped(faces)[4, [0, 5]].all()
    assert swapped(faces).sum() < 6  # the swap disturbs the fit a little


def test_points_far_from_the_annotated_ones_are_off_the_face() -> None:
    points = turned(4)
    faces = FaceSet(points.copy(), points[:, :5], np.full(4, 0.4))
    faces.discovered[2, 7] = [0.02, 0.5]
    assert off_face(faces)[2, 7] and off_face(faces).sum() == 1
    found = failures(faces)
    assert found['off_face'] == 1 / 32
    assert found['off_face_worst'] == {'point': 7, 'share': 0.25}
