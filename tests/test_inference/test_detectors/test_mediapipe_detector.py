"""MediaPipe's boxes, read from its networks by ONNX Runtime."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from skimage import data

from fanet_mmpose.inference.detectors import build_detector
from fanet_mmpose.inference.detectors.mediapipe_detector import KINDS, look


@pytest.fixture(scope='module')
def astronaut() -> np.ndarray:
    return cv2.cvtColor(data.astronaut(), cv2.COLOR_RGB2BGR)


def test_the_box_that_mediapipe_gives(astronaut: np.ndarray) -> None:
    """Against the answer of MediaPipe 0.10.21 to the same picture, px."""
    boxes, scores = build_detector('mediapipe').raw(astronaut)
    assert boxes[0] == pytest.approx([176.3, 82.1, 272.2, 178.0], abs=4)
    assert scores[0] == pytest.approx(0.920, abs=0.01)


def test_what_the_landmarks_get(astronaut: np.ndarray) -> None:
    found = build_detector('mediapipe')(astronaut)
    assert found.boxes == pytest.approx(build_detector('mediapipe').raw(astronaut)[0])
    assert build_detector('mediapipe')(np.zeros((80, 200, 3), np.uint8)).boxes.shape == (0, 4)


@pytest.mark.parametrize('kind', KINDS)
def test_places_are_those_of_the_picture(astronaut: np.ndarray, kind: str) -> None:
    """Room on one side moves everything by as much."""
    shift = 200
    wider = cv2.copyMakeBorder(astronaut, 0, shift, shift, 0, cv2.BORDER_CONSTANT)
    here, there = look(astronaut, kind, 0.5), look(wider, kind, 0.5)
    assert there.centers[0] == pytest.approx(here.centers[0] + [shift, 0], abs=15)
    assert there.points[0] == pytest.approx(here.points[0] + [shift, 0], abs=15)
    assert there.sides[0] == pytest.approx(here.sides[0], rel=0.2)
