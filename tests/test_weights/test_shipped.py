"""What ships finds the points of a real face, alike in every backend."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from skimage import data

from fanet_mmpose import weights
from fanet_mmpose.inference.backend import resolved
from fanet_mmpose.inference.face_landmarks import FaceLandmarks
from fanet_mmpose.inference.landmarker import FaceLandmarker

NAME = 'fanet_lite_300w'
pytestmark = pytest.mark.skipif(NAME not in weights.names(), reason='weights are not shipped yet')
# Read off the photograph by eye, px: pupils (left and right in the image), tip of the nose,
# corners of the mouth.
BY_EYE = np.array([[203.0, 101], [246, 103], [224, 127], [202, 140], [245, 140]])


@pytest.fixture(scope='module')
def astronaut() -> np.ndarray:
    return cv2.cvtColor(data.astronaut(), cv2.COLOR_RGB2BGR)


def only_face(astronaut: np.ndarray, **options: str) -> FaceLandmarks:
    (face,) = FaceLandmarker(NAME, **options)(astronaut)
    return face


def test_a_real_face(astronaut: np.ndarray) -> None:
    face = only_face(astronaut)
    assert np.linalg.norm(face.convert('5').points - BY_EYE, axis=1).max() < 6
    assert face.score > 0.6
    assert (
        np.linalg.norm(only_face(astronaut, detector='lbp').points - face.points, axis=1).max() < 6
    )


def test_pytorch_finds_the_same_points(astronaut: np.ndarray) -> None:
    expected = only_face(astronaut, backend='onnx').points
    found = only_face(astronaut, backend='torch').points
    assert np.linalg.norm(found - expected, axis=1).max() <= 0.05


def test_eight_bits_stay_near(astronaut: np.ndarray) -> None:
    if '.int8.onnx' not in weights.files(NAME):
        pytest.skip('no INT8 file ships')
    expected = only_face(astronaut, backend='onnx').points
    found = only_face(astronaut, backend='onnx-int8').points
    assert np.linalg.norm(found - expected, axis=1).mean() < 0.5


def test_a_cpu_gets_eight_bits_where_they_ship() -> None:
    assert resolved(NAME, 'auto') == 'onnx-int8'
    assert resolved(NAME, 'auto', 'cuda') == resolved('fanet_lite_free', 'auto') == 'onnx'
    assert resolved('my.onnx', 'auto') == resolved(NAME, 'onnx') == 'onnx'
    assert FaceLandmarker(NAME, 'whole_image').info.precision == 'int8'
    assert FaceLandmarker(NAME, 'whole_image', backend='onnx').info.precision == 'fp32'


def test_nothing_is_found_where_no_face_is() -> None:
    for picture in (data.coins(), data.camera()[:100, :100]):
        assert FaceLandmarker(NAME)(picture) == []
        assert FaceLandmarker(NAME, 'whole_image')(picture) == []
