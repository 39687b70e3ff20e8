"""Applications asked for by name: in a face, its dict, a row of a table, a picture."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from fanet_mmpose.applications.angles import to_matrix
from fanet_mmpose.applications.camera import Camera
from fanet_mmpose.applications.head_model import head_model
from fanet_mmpose.applications.measured import Measured, check_applications, columns_of
from fanet_mmpose.errors import UserError
from fanet_mmpose.geometry.boxes import tight_box
from fanet_mmpose.inference.face_landmarks import FaceLandmarks

NAMES = ('pose', 'eyes', 'mouth')


def face(scale: float = 1.0) -> FaceLandmarks:
    """The mean head, turned by 25 degrees."""
    camera = Camera(900.0, (160.0, 120.0))
    points = camera.project(head_model().mean @ to_matrix(np.array([25.0, 0, 0])).T + (0, 0, 900))
    ones, box = np.ones(68), tight_box(points)
    return FaceLandmarks(box, 0.9, points, ones, ones, scale * ones, '300w68')


def test_names_are_checked_and_ordered() -> None:
    assert check_applications(['mouth', 'pose', 'mouth']) == ('pose', 'mouth')
    with pytest.raises(UserError, match="unknown application 'gaze'; one or more of pose, eyes"):
        check_applications(['pose', 'gaze'])


def test_less_than_half_a_degree_has_no_sign() -> None:
    pose = replace(face().pose(), yaw=-0.3, pitch=4.6, roll=-4.6)
    assert Measured(('pose',), pose).texts() == ['yaw +0 pitch +5 roll -5']


def test_a_face_carries_what_was_measured_through_a_conversion() -> None:
    plain = face()
    measured = plain.with_applications(NAMES).convert('5')
    assert measured.points.shape == (5, 2)
    content = json.loads(json.dumps(measured.to_dict()))
    assert content['pose']['yaw'] == pytest.approx(25, abs=1)
    assert content['eyes'] == plain.eyes.to_dict()
    assert content['mouth'] == plain.mouth.to_dict()
    assert set(content) - set(NAMES) == set(plain.to_dict())


def test_a_row_has_the_columns_it_says() -> None:
    measured = face().with_applications(NAMES[1:]).measured
    assert tuple(measured.row()) == columns_of(NAMES[1:])
    assert measured.row()['eye_left'] == measured.to_dict()['eyes']['left']['value']
    assert 'pose' not in measured.to_dict()


def test_too_hidden_is_no_number_and_no_error() -> None:
    hidden = face(scale=60.0).with_applications(NAMES)
    assert hidden.to_dict()['pose'] is None and hidden.to_dict()['eyes'] is None
    assert set(hidden.measured.row().values()) == {None}
    assert all('too hidden' in text for text in hidden.measured.texts())
    image = np.zeros((240, 320, 3), np.uint8)
    assert hidden.draw(image).any() and not image.any()


def test_drawn_into_the_picture() -> None:
    image = np.zeros((320, 320, 3), np.uint8)
    plain = face()
    assert (plain.with_applications(NAMES).draw(image) != plain.draw(image)).any()


def test_points_that_are_too_few() -> None:
    with pytest.raises(UserError):
        face().convert('5').with_applications(['pose'])
