"""The adapter for MediaPipe, with a stand-in for it and, where it is installed, with itself."""

from __future__ import annotations

import sys
from types import ModuleType, SimpleNamespace

import cv2
import numpy as np
import pytest
from skimage import data

from fanet_mmpose.errors import UserError
from fanet_mmpose.inference.detectors import build_detector

MODULE = 'mediapipe.python.solutions.face_detection'


class StandIn:
    """Finds one face in every picture but a black one, and remembers what it was given."""

    def __init__(self, min_detection_confidence: float, model_selection: int) -> None:
        self.threshold = min_detection_confidence

    def process(self, image: np.ndarray) -> SimpleNamespace:
        """As MediaPipe: shares of the picture's sides, None for no face."""
        if not image.any():
            return SimpleNamespace(detections=None)
        red_first = image[0, 0, 0] > image[0, 0, 2]
        box = SimpleNamespace(xmin=0.25, ymin=0.5, width=0.5, height=-0.25 + 0.5 * red_first)
        face = SimpleNamespace(
            score=[0.75], location_data=SimpleNamespace(relative_bounding_box=box)
        )
        return SimpleNamespace(detections=[face])


def test_boxes_in_pixels(monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType(MODULE)
    module.FaceDetection = StandIn
    for name in ('mediapipe', 'mediapipe.python', 'mediapipe.python.solutions'):
        monkeypatch.setitem(sys.modules, name, ModuleType(name))
    monkeypatch.setitem(sys.modules, MODULE, module)
    detect = build_detector('mediapipe')
    red = np.zeros((80, 200, 3), np.uint8)
    red[..., 2] = 255
    assert detect.raw(red)[0].tolist() == [[50, 40, 150, 60]]
    found = detect(red)
    assert found.scores.tolist() == [0.75]
    middle = (found.boxes[0, :2] + found.boxes[0, 2:]) / 2
    assert middle == pytest.approx([100, 50], abs=10)
    assert detect(np.zeros_like(red)).boxes.shape == (0, 4)


def test_without_mediapipe(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, 'mediapipe', None)
    with pytest.raises(UserError, match='pip install "mediapipe<0.10.30"'):
        build_detector('mediapipe')


def test_a_real_face() -> None:
    pytest.importorskip(MODULE, reason='MediaPipe is not installed')
    found = build_detector('mediapipe')(cv2.cvtColor(data.astronaut(), cv2.COLOR_RGB2BGR))
    middle = (found.boxes[0, :2] + found.boxes[0, 2:]) / 2
    assert middle == pytest.approx([222, 118], abs=15)
