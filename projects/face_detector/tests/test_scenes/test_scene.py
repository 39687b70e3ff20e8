"""Scenes: seeded, with boxes inside, of many sizes, apart."""

from __future__ import annotations

import numpy as np
import pytest

from fanet_mmpose.geometry.boxes import max_iou
from projects.face_detector.scenes.face_sources import DrawnFaces, MixedFaces
from projects.face_detector.scenes.scene import SMALLEST_FACE, Scene, make_scene

SIZE, COUNT = 160, 24


@pytest.fixture(scope='module')
def faces() -> MixedFaces:
    return MixedFaces([DrawnFaces(0, 12)], [1])


@pytest.fixture(scope='module')
def scenes(faces: MixedFaces) -> list[Scene]:
    return [make_scene(faces, (0, number), SIZE) for number in range(COUNT)]


def test_a_seed_is_a_scene(faces: MixedFaces, scenes: list[Scene]) -> None:
    again = make_scene(faces, (0, 5), SIZE)
    assert np.array_equal(again.image, scenes[5].image)
    assert np.array_equal(again.boxes, scenes[5].boxes)
    assert not np.array_equal(scenes[4].image, scenes[5].image)


def test_boxes_are_inside_and_not_too_small(scenes: list[Scene]) -> None:
    boxes = np.concatenate([scene.boxes for scene in scenes])
    assert boxes.min() >= 0 and boxes.max() <= SIZE - 1
    sides = (boxes[:, 2:] - boxes[:, :2]).max(1)
    assert sides.min() > 0.7 * SMALLEST_FACE  # the picture's edge may cut a little
    assert sides.max() > 3 * SMALLEST_FACE
    assert all(scene.image.shape == (SIZE, SIZE, 3) for scene in scenes)


def test_numbers_of_faces_vary_and_faces_do_not_cover_each_other(scenes: list[Scene]) -> None:
    assert len({len(scene.boxes) for scene in scenes}) > 3
    for scene in scenes:
        for number, box in enumerate(scene.boxes):
            assert max_iou(box, scene.boxes[:number]) < 0.1
