"""A landmarker that follows bright spots."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from helpers.blob_model import write_blob_model

from fanet_mmpose.deploy.runtime import OnnxModel
from fanet_mmpose.inference.detectors import Detections
from fanet_mmpose.inference.landmarker import FaceLandmarker

BOX_SIDE = 80.0  # of the boxes that the stand-in detector gives, px


class SpotDetector:
    """A roughly placed box round each bright spot; counts how often it is asked."""

    def __init__(self, offset: float = 6.0) -> None:
        self.offset, self.calls = offset, 0

    def __call__(self, image: np.ndarray, name: str = '') -> Detections:
        import cv2

        self.calls += 1
        count, _, _, centers = cv2.connectedComponentsWithStats(image[..., 0] // 128)
        middles = centers[1:count] + self.offset
        half = BOX_SIDE / 2
        return Detections(np.concatenate([middles - half, middles + half], 1), np.ones(count - 1))


@pytest.fixture(scope='session')
def blob_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_blob_model(tmp_path_factory.mktemp('blob') / 'blob.onnx')


@pytest.fixture
def landmarker(blob_path: Path) -> FaceLandmarker:
    return FaceLandmarker(OnnxModel(blob_path, threads=1), SpotDetector())
