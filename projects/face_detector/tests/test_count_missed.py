"""Missed faces and looks are counted through the whole pipeline."""

from __future__ import annotations

from collections import Counter
from types import SimpleNamespace

import cv2
import numpy as np
from skimage import data

from fanet_mmpose.inference.detectors import build_detector
from projects.face_detector.tools.count_missed import count, count_looks


def test_a_missed_face_and_the_looks_are_counted() -> None:
    looks: Counter[str] = Counter()
    detector = build_detector('blazeface_all')
    count_looks(detector._short, looks)
    image = cv2.cvtColor(data.astronaut(), cv2.COLOR_RGB2BGR)[20:220, 120:320]
    boxes = {'there': np.array([55.0, 63, 151, 159]), 'elsewhere': np.array([0.0, 150, 40, 199])}

    def landmarker(picture: np.ndarray) -> list[SimpleNamespace]:
        corners = detector(picture).boxes.reshape(-1, 2, 2)
        return [SimpleNamespace(points=points) for points in corners]

    row = count(landmarker, ((name, image, box) for name, box in boxes.items()), looks)
    assert row['missed'] == ['elsewhere']
    assert (row['faces'], row['found']) == (2, 2)
    assert row['looks_a_picture'] == {'short 128': 1.0}
