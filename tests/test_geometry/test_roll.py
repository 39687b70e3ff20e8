"""The convention of angles: clockwise as one sees the picture."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from helpers.blob_model import blob_offsets

from fanet_mmpose.geometry.boxes import tight_box
from fanet_mmpose.geometry.crop import crop_image, crop_matrix, transform_points
from fanet_mmpose.geometry.roll import (
    box_corners,
    difference,
    roll_of_axes,
    roll_of_points,
    turned,
    turned_box_of_points,
)
from fanet_mmpose.geometry.schemas import PointSchema, get_schema, shipped_schemas

FACE = blob_offsets(68).astype(float)
SCHEMA = get_schema('300w68')


@pytest.mark.parametrize('angle', [-170, -90, -30, 0, 45, 90, 135])
def test_a_turned_face_has_the_angle_that_turned_it(angle: float) -> None:
    assert roll_of_points(turned(FACE, angle) + [300, 20], SCHEMA) == pytest.approx(angle, abs=0.1)


def test_a_crown_that_points_to_the_right_is_90() -> None:
    eyes, mouth = np.array([0.0, 1]), np.array([-1.0, 0])  # the eyes' line runs down
    assert roll_of_axes(eyes, mouth) == pytest.approx(90)
    crown = turned(np.array([0.0, -1]), 90)
    assert crown == pytest.approx([1, 0])


def test_a_profile_is_told_by_its_height() -> None:
    assert roll_of_axes(np.array([0.1, 0.1]), np.array([0.0, 5])) == pytest.approx(0, abs=2)


def test_sets_without_eyes_or_mouth() -> None:
    assert np.isnan(roll_of_points(np.eye(2), PointSchema('two', ('a', 'b'))))
    eyes = PointSchema('eyes', ('a', 'b'), eye_corners=((0,), (1,)))
    assert roll_of_points(np.array([[0.0, 0], [1, 1]]), eyes) == pytest.approx(45)


@pytest.mark.parametrize('name', shipped_schemas())
def test_both_axes_are_means_of_the_schema(name: str) -> None:
    schema = get_schema(name)
    points = np.random.default_rng(3).normal(200, 40, (schema.num_points, 2))
    points[list(schema.parts.get('contour', ()))] = np.nan  # none of theirs
    left, right = (points[[*group]].mean(0) for group in schema.eye_corners or schema.pupils)
    mouth = [*schema.parts.get('mouth', ())]
    down = points[mouth].mean(0) - (left + right) / 2 if mouth else np.zeros(2)
    expected = roll_of_axes(right - left, down)
    assert roll_of_points(points, schema) == pytest.approx(float(expected), abs=1e-9)


@pytest.mark.parametrize('angle', [0, 30, -120])
def test_the_turned_box_has_the_middle_of_the_upright_one(angle: float) -> None:
    points = np.random.default_rng(4).normal(200, 40, (68, 2))
    low, high = tight_box(turned(points, -angle)).reshape(2, 2)
    middle, half = turned((low + high) / 2, angle), (high - low) / 2
    box = turned_box_of_points(points, angle)
    assert box == pytest.approx([*(middle - half), *(middle + half)], abs=1e-10)


@pytest.mark.parametrize('angle', [0, 30, -120])
def test_the_turned_box_is_tight_in_the_crop(angle: float) -> None:
    points = turned(FACE * [2, 3], angle) + [200, 150]
    box = turned_box_of_points(points, angle)
    inside = transform_points(points, crop_matrix(box, (128, 128), 1.25, angle))
    low, high = inside.min(0), inside.max(0)
    assert (low + high) / 2 == pytest.approx([64, 64], abs=1e-6)
    assert (high - low).max() == pytest.approx(128 / 1.25)
    corners = box_corners(box, angle)
    assert corners.mean(0) == pytest.approx((box[:2] + box[2:]) / 2)
    assert turned(corners - corners[0], -angle)[1, 1] == pytest.approx(0, abs=1e-9)


def test_the_crop_shows_a_turned_picture_upright() -> None:
    image = np.zeros((401, 401, 3), np.uint8)
    cv2.rectangle(image, (180, 150), (220, 190), (255, 255, 255), -1)
    box = np.array([100.0, 100, 300, 300])
    plain = crop_image(image, crop_matrix(box, (96, 96)), (96, 96))
    turn = cv2.getRotationMatrix2D((200, 200), -70, 1)  # OpenCV counts the other way
    again = cv2.warpAffine(image, turn, (401, 401))
    crop = crop_image(again, crop_matrix(box, (96, 96), roll=70), (96, 96))
    assert np.abs(crop.astype(int) - plain).mean() < 2


def test_large_turned_faces_are_averaged_down_first() -> None:
    rng = np.random.default_rng(0)
    image = rng.integers(0, 256, (900, 900, 3), np.uint8)
    matrix = crop_matrix(np.array([100.0, 100, 800, 800]), (64, 64), roll=40)
    crop = crop_image(image, matrix, (64, 64))
    inner = crop[20:44, 20:44].astype(float)
    assert inner.std() < 20  # single pixels have 74
    assert inner.mean() == pytest.approx(127.5, abs=5)


def test_differences_go_the_short_way() -> None:
    assert difference(170, -170) == pytest.approx(-20)
    assert difference(np.array([-179.0]), 179)[0] == pytest.approx(2)
