"""Faces and their six points as MediaPipe's programs read them, and what is drawn of them."""

from __future__ import annotations

import numpy as np
import pytest
from skimage import data

from fanet_mmpose import mediapipe as mp
from fanet_mmpose.errors import UserError

detection, drawing = mp.solutions.face_detection, mp.solutions.drawing_utils
HEIGHT, WIDTH = data.astronaut().shape[:2]
# Read off the photograph by eye, px.
BY_EYE = {'RIGHT_EYE': (203, 101), 'LEFT_EYE': (246, 103), 'NOSE_TIP': (224, 127)}


@pytest.fixture(scope='module')
def face() -> detection.Detection:
    with detection.FaceDetection(0.5) as find:
        (found,) = find.process(data.astronaut()).detections
    return found


def test_six_points(face: detection.Detection) -> None:
    assert 0.5 <= face.score[0] < 1
    for name, expected in BY_EYE.items():
        point = detection.get_key_point(face, detection.FaceKeyPoint[name])
        assert (point.x * WIDTH, point.y * HEIGHT) == pytest.approx(expected, abs=7)
    box = face.location_data.relative_bounding_box
    assert (box.xmin + box.width / 2) * WIDTH == pytest.approx(224, abs=10)


def test_no_face_and_no_such_argument() -> None:
    assert detection.FaceDetection().process(np.zeros((64, 64, 3), np.uint8)).detections is None
    with pytest.raises(UserError, match='model_selection is 0 or 1'):
        detection.FaceDetection(model_selection=2)


def test_drawing(face: detection.Detection) -> None:
    picture = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    drawing.draw_detection(picture, face)
    assert picture[101 - 10 : 101 + 10, 203 - 10 : 203 + 10].any()
    mesh = mp.solutions.face_mesh
    (points,) = mesh.FaceMesh(True).process(data.astronaut()).multi_face_landmarks
    dots, links = np.zeros_like(picture), np.zeros_like(picture)
    drawing.draw_landmarks(dots, points, connection_drawing_spec=None)
    drawing.draw_landmarks(links, points, mesh.FACEMESH_CONTOURS, None)
    assert dots[..., 2].any() and not dots[..., :2].any()  # red, blue first
    assert links.any() and not links[300:].any()


def test_pixels_of_shares() -> None:
    pixel = drawing._normalized_to_pixel_coordinates
    assert pixel(0.5, 0.25, 100, 40) == (50, 10)
    assert pixel(1.0, 1.0, 100, 40) == (99, 39)
    assert pixel(1.1, 0.5, 100, 40) is None
    assert pixel(float('nan'), 0.5, 100, 40) is None
