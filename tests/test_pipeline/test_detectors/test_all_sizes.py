"""Near and far faces together: each once, and no parts of near ones."""

from __future__ import annotations

from types import SimpleNamespace

import cv2
import numpy as np
from skimage import data

from fanet_mmpose.pipeline.detectors.all_sizes import AllSizes
from fanet_mmpose.pipeline.detectors.detector import Detections, build_detector


class Fixed:
    """Finds the same boxes in every picture."""

    options = SimpleNamespace(side=256)

    def __init__(self, boxes: list[list[float]], scores: list[float]) -> None:
        self.found, self.calls = Detections(np.array(boxes), np.array(scores)), 0

    def __call__(self, image: np.ndarray, name: str = '') -> Detections:
        self.calls += 1
        return self.found


def picture(side: int) -> np.ndarray:
    return np.zeros((side, side, 3), np.uint8)


def test_far_faces_are_added_and_parts_of_near_ones_are_not() -> None:
    near = Fixed([[100, 100, 500, 500]], [0.9])
    far = Fixed([[110, 110, 400, 400], [600, 10, 660, 70]], [0.95, 0.7])
    found = AllSizes(near, far)(picture(800))
    assert found.boxes.tolist() == [[100, 100, 500, 500], [600, 10, 660, 70]]


def test_a_face_that_both_find_is_one_face() -> None:
    near = Fixed([[600, 10, 662, 72]], [0.6])
    far = Fixed([[600, 10, 660, 70]], [0.7])
    found = AllSizes(near, far)(picture(800))
    assert found.boxes.tolist() == [[600, 10, 660, 70]]
    assert found.scores.tolist() == [0.7]


def test_a_small_picture_is_looked_at_once_and_nothing_is_nothing() -> None:
    far = Fixed([[0, 0, 10, 10]], [0.9])
    assert len(AllSizes(Fixed([], []), far)(picture(200)).boxes) == far.calls == 0
    assert len(AllSizes(Fixed([], []), Fixed([], []))(picture(800)).boxes) == 0


def test_six_small_faces_and_a_large_one() -> None:
    face = cv2.cvtColor(data.astronaut(), cv2.COLOR_RGB2BGR)[:320, 60:380]
    detect = build_detector('fanet_face_all')
    assert len(detect(np.tile(face, (2, 3, 1))).boxes) == 6
    assert len(detect(face).boxes) == 1
