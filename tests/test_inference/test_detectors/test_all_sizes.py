"""Near and far faces together: each once, no parts of near ones, and panoramas in windows."""

from __future__ import annotations

from types import SimpleNamespace

import cv2
import numpy as np
import pytest
from skimage import data

from fanet_mmpose.inference.detectors.all_sizes import AllSizes
from fanet_mmpose.inference.detectors.detector import Detections, build_detector
from fanet_mmpose.inference.landmarker import FaceLandmarker


class Fixed:
    """Finds the same boxes in every picture, looking at `side` pixels."""

    def __init__(self, boxes: list[list[float]], scores: list[float], side: int = 256) -> None:
        self.found, self.calls = Detections(np.array(boxes), np.array(scores)), 0
        self.options = SimpleNamespace(side=side)

    def __call__(self, image: np.ndarray, name: str = '') -> Detections:
        self.calls += 1
        return self.found


def picture(side: int) -> np.ndarray:
    return np.zeros((side, side, 3), np.uint8)


def test_far_faces_are_added_and_parts_of_near_ones_are_not() -> None:
    near = Fixed([[100, 100, 500, 500]], [0.9])
    far = Fixed([[110, 110, 400, 400], [600, 10, 660, 70]], [0.95, 0.7], 640)
    found = AllSizes([near, far])(picture(800))
    assert found.boxes.tolist() == [[100, 100, 500, 500], [600, 10, 660, 70]]


def test_a_face_that_both_find_is_one_face() -> None:
    near = Fixed([[600, 10, 662, 72]], [0.6])
    far = Fixed([[600, 10, 660, 70]], [0.7], 640)
    found = AllSizes([near, far])(picture(800))
    assert found.boxes.tolist() == [[600, 10, 660, 70]]
    assert found.scores.tolist() == [0.7]


def test_a_small_picture_is_looked_at_once_and_nothing_is_nothing() -> None:
    far = Fixed([[0, 0, 10, 10]], [0.9], 640)
    assert len(AllSizes([Fixed([], []), far])(picture(200)).boxes) == far.calls == 0
    assert len(AllSizes([Fixed([], []), Fixed([], [], 640)])(picture(800)).boxes) == 0


def test_boxes_of_a_panorama_are_where_their_windows_are() -> None:
    detect = AllSizes([Fixed([[10, 20, 30, 50]], [0.9])])
    across = detect(np.zeros((100, 1500, 3), np.uint8)).boxes
    assert len(across) == 3 and np.ptp(across[:, 1]) == 0
    assert across[:, 0].tolist() == [10, 440, 870]
    along = detect(np.zeros((1500, 100, 3), np.uint8)).boxes
    assert along[:, 1].tolist() == [20, 450, 880]


def test_six_small_faces_and_a_large_one() -> None:
    face = cv2.cvtColor(data.astronaut(), cv2.COLOR_RGB2BGR)[:320, 60:380]
    detect = build_detector('fanet_face_all')
    assert len(detect(np.tile(face, (2, 3, 1))).boxes) == 6
    assert len(detect(face).boxes) == 1


def test_a_face_far_away_in_a_large_picture_and_in_a_panorama() -> None:
    """35 px in a photograph of 3000 px, and 94 px in a strip of 8000 px: hardly 1 % of it."""
    photo = cv2.cvtColor(data.astronaut(), cv2.COLOR_RGB2BGR)
    small = cv2.resize(photo[:320, 60:380], (120, 120), interpolation=cv2.INTER_AREA)
    wide = np.full((2000, 3000, 3), 90, np.uint8)
    wide[1500:1620, 2500:2620] = small
    panorama = np.full((560, 8000, 3), 90, np.uint8)
    panorama[20:532, 6000:6512] = photo
    find = FaceLandmarker()
    for picture, middle in ((wide, (2561, 1550)), (panorama, (6226, 153))):
        (face,) = find(picture)
        assert face.points.mean(0) == pytest.approx(middle, abs=12)
