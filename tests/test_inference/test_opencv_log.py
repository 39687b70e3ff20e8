"""OpenCV is kept quiet, wherever a version of it has the switch."""

from __future__ import annotations

import os
from types import SimpleNamespace

import cv2
import pytest

from fanet_mmpose.inference.opencv_log import silence_opencv


@pytest.mark.parametrize('place', ['cv2', 'cv2.utils.logging'])
def test_both_places_of_the_switch(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    levels: list[int] = []
    monkeypatch.setattr(os, 'environ', {})
    if place == 'cv2':
        monkeypatch.setattr(cv2, 'setLogLevel', levels.append, raising=False)
    else:  # 4.14
        monkeypatch.delattr(cv2, 'setLogLevel', raising=False)
        logging = SimpleNamespace(setLogLevel=levels.append)
        monkeypatch.setattr(cv2.utils, 'logging', logging, raising=False)
    silence_opencv()
    assert levels == [0]
