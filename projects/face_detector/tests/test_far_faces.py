"""Shrunk faces are where they are said to be, and counted."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import cv2
import numpy as np
import pytest

from fanet_mmpose.inference.detectors.calibrate import AnnotatedFace
from projects.face_detector.far_faces import find_far, place_far

BOX = np.array([60.0, 80, 100, 120])


@pytest.fixture
def image() -> np.ndarray:
    """A bright square as the face."""
    picture = np.zeros((200, 160, 3), np.uint8)
    picture[80:120, 60:100] = 255
    return picture


def test_the_box_goes_with_its_face(image: np.ndarray) -> None:
    scene = np.full((300, 400, 3), 40, np.uint8)
    placed, box = place_far(scene, image, BOX, 20, np.array([150, 100]))
    rows, columns = np.nonzero(placed[..., 0] > 127)
    seen = [columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]
    assert box == pytest.approx(seen, abs=1) and box[2] - box[0] == pytest.approx(20, abs=0.3)
    assert (scene == 40).all() and (placed[200:] == 40).all()


def test_right_and_false_faces_are_told_apart(image: np.ndarray, tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / 'a.png'), image)
    faces = [AnnotatedFace(tmp_path / 'a.png', BOX)] * 4

    def find(picture: np.ndarray) -> list:
        rows, columns = np.nonzero(picture[..., 0] > 127)
        box = np.array([columns.min(), rows.min(), columns.max() + 1, rows.max() + 1], float)
        return [SimpleNamespace(box=box), SimpleNamespace(box=np.array([0.0, 0, 9, 9]))]

    scenes = [np.full((300, 400, 3), 40, np.uint8)]
    seen = find_far(find, faces, scenes, 24)
    assert (seen.found, seen.false) == (1, 1)
    assert find_far(lambda picture: [], faces, scenes, 24).found == 0
