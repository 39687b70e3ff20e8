"""Under-exposed pictures are looked at again, brighter."""

from __future__ import annotations

import sys

import cv2
import numpy as np
import pytest
from skimage import data

from fanet_mmpose.inference.exposure import BRIGHT, brightened
from fanet_mmpose.inference.landmarker import FaceLandmarker


def test_what_is_bright_enough_or_black_is_left() -> None:
    assert brightened(data.astronaut()) is None
    assert brightened(np.zeros((40, 50, 3), np.uint8)) is None
    assert brightened(np.zeros((0, 50, 3), np.uint8)) is None


def test_nearly_all_of_a_dark_picture_is_stretched() -> None:
    dark = np.random.default_rng(0).integers(0, 20, (60, 80, 3)).astype(np.uint8)
    dark[0, 0] = 255  # a lamp
    bright = brightened(dark)
    assert bright is not None
    assert bright.dtype == np.uint8
    assert np.percentile(bright, 99) == pytest.approx(BRIGHT, abs=12)


def test_a_face_in_the_dark(monkeypatch: pytest.MonkeyPatch) -> None:
    find = FaceLandmarker('fanet_lite_300w', 'blazeface_video')
    picture = cv2.cvtColor(data.astronaut()[:300, 80:380], cv2.COLOR_RGB2BGR)
    noise = np.random.default_rng(0).normal(0, 1, picture.shape)
    dark = np.rint(picture * 0.02 + noise).clip(0, 255).astype(np.uint8)
    (face,) = find(dark)
    expected = find(picture)[0].points
    assert np.linalg.norm(face.points - expected, axis=1).mean() < 8
    assert len(list(find.many([dark, picture]))) == 2
    monkeypatch.setattr(sys.modules[FaceLandmarker.__module__], 'brightened', lambda image: None)
    assert find(dark) == []
