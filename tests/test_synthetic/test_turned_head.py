"""Turned faces: the picture, the points on it, and which of them the head hides."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from helpers.mesh_faces import MIDDLE, egg_mesh, egg_points, spotted_picture
from helpers.mesh_faces import SIDE as PHOTO_SIDE

from fanet_mmpose.geometry.boxes import tight_box
from fanet_mmpose.synthetic.photo_head import PhotoHead, Topology, make_head, make_topology
from fanet_mmpose.synthetic.turned_head import FACE, MARGIN, SIDE, surround, turn


@pytest.fixture(scope='module')
def topology() -> Topology:
    return make_topology(egg_mesh()[None])


@pytest.fixture(scope='module')
def head() -> PhotoHead:
    mesh = egg_mesh()
    return make_head(mesh, egg_points(mesh))


def turned_by(head: PhotoHead, yaw: float) -> np.ndarray:
    return head.angles + [yaw, 0, 0]


def test_no_turn_gives_back_picture_and_points(head: PhotoHead, topology: Topology) -> None:
    photo = spotted_picture()
    turned = turn(head, surround(photo), topology, head.angles)
    low, high = tight_box(head.points[:, :2]).reshape(2, 2)
    scale = FACE / (high - low).max()
    shift = SIDE / 2 - scale * (low + high) / 2
    assert turned.points == pytest.approx(head.points[:, :2] * scale + shift)
    assert not turned.hidden[17:].any()
    matrix = np.column_stack([scale * np.eye(2), shift])
    cropped = cv2.warpAffine(photo, matrix, (SIDE, SIDE))[60:-60, 60:-60]
    assert np.abs(turned.image[60:-60, 60:-60].astype(int) - cropped).mean() < 1


@pytest.mark.parametrize('yaw', [45, -60])
def test_points_ride_with_the_surface(head: PhotoHead, topology: Topology, yaw: float) -> None:
    aside = (head.points[:, 0] - MIDDLE[0]) * np.sign(yaw)
    near = [point for point in range(17, 68) if aside[point] < -15]
    for point in near[::5]:
        photo = np.zeros((PHOTO_SIDE, PHOTO_SIDE, 3), np.uint8)
        x, y = head.points[point, :2].round().astype(int)
        cv2.circle(photo, (int(x), int(y)), 3, (255, 255, 255), -1)
        turned = turn(head, surround(photo), topology, turned_by(head, yaw))
        spot = turned.image[..., 0].astype(float)
        row, column = np.indices(spot.shape)
        middle = np.array([(column * spot).sum(), (row * spot).sum()]) / spot.sum()
        assert middle == pytest.approx(turned.points[point], abs=3)
        assert not turned.hidden[point]


def test_the_far_side_is_hidden(head: PhotoHead, topology: Topology) -> None:
    surrounded = surround(spotted_picture())
    for yaw, far, near in ((75, slice(10, 16), slice(1, 7)), (-75, slice(1, 7), slice(10, 16))):
        turned = turn(head, surrounded, topology, turned_by(head, yaw))
        assert turned.hidden[far].all() and not turned.hidden[near].any()
        assert turned.angles[0] == pytest.approx(yaw, abs=1e-6)
        low, high = tight_box(turned.points).reshape(2, 2)
        assert (high - low).max() == pytest.approx(FACE)
        assert (low + high) / 2 == pytest.approx([SIDE / 2] * 2)


def test_the_margin_is_no_second_face() -> None:
    photo = spotted_picture()
    wide = surround(photo)
    assert wide.shape == (PHOTO_SIDE + 2 * MARGIN, PHOTO_SIDE + 2 * MARGIN, 3)
    inner = slice(MARGIN + 20, -MARGIN - 20)
    assert np.array_equal(wide[inner, inner], photo[20:-20, 20:-20])
    assert wide[: MARGIN - 40].std(axis=(0, 1)).max() < 0.4 * photo.std(axis=(0, 1)).min()
