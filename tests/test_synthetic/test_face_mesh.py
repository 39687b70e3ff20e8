"""The neutral head: symmetric, with every point on it and in its place."""

from __future__ import annotations

import numpy as np
import pytest

from fanet_mmpose.geometry.schemas import get_schema
from fanet_mmpose.synthetic.face_mesh import face_mesh
from fanet_mmpose.synthetic.head_surface import frontal_to_chart, head, plain_head
from fanet_mmpose.synthetic.landmark_curves import landmark_curves
from fanet_mmpose.synthetic.shape_modes import MODE_NAMES, mode_basis

MIRROR = np.array([-1.0, 1.0, 1.0])


def test_mirrored_neutral_face_is_itself() -> None:
    mesh = face_mesh()
    points = mesh.vertices[mesh.landmarks]
    flipped = points[get_schema('wflw98').flip_indices] * MIRROR
    np.testing.assert_allclose(flipped, points, atol=1e-3)


def test_landmarks_lie_on_the_analytic_surface() -> None:
    mesh = face_mesh()
    on_surface = head(landmark_curves().points[:96])
    np.testing.assert_allclose(mesh.vertices[mesh.landmarks[:96]], on_surface, atol=1e-2)


def test_frontal_to_chart_inverts_the_plain_head() -> None:
    frontal = np.array([[0.0, 0.0], [30.0, -20.0], [-45.0, 40.0], [10.0, 100.0]])
    np.testing.assert_allclose(plain_head(frontal_to_chart(frontal))[:, :2], frontal, atol=1e-6)


def test_order_of_points_from_left_to_right() -> None:
    x, y, z = face_mesh().vertices[face_mesh().landmarks].T
    assert x[0] < x[33] < x[60] < x[64] < 0 < x[68] < x[72] < x[32]
    assert (np.diff(x[:33]) > 0).sum() >= 30, 'the outline runs from the left ear to the right'
    assert y[35] < y[62] < y[96] < y[66] < y[54] < y[57] < y[79] < y[90] < y[94] < y[85] < y[16]
    assert z[54] == z[:96].max(), 'nothing stands out further than the tip of the nose'


def test_proportions_are_those_of_a_human_face() -> None:
    points = face_mesh().vertices[face_mesh().landmarks]
    outer_canthi = np.linalg.norm(points[60] - points[72])
    assert 85 < outer_canthi < 95
    assert 30 < points[68, 0] - points[64, 0] < 36
    assert 46 < points[82, 0] - points[76, 0] < 56
    assert 110 < points[16, 1] - points[51, 1] < 130


@pytest.mark.parametrize('name', ['blink', 'squint', 'smile', 'brow_height'])
def test_sided_modes_mirror_each_other(name: str) -> None:
    left, right = (mode_basis()[MODE_NAMES.index(f'{name}_{side}')] for side in ('left', 'right'))
    marks = face_mesh().landmarks
    flip = get_schema('wflw98').flip_indices
    np.testing.assert_allclose(left[marks], right[marks][flip] * MIRROR, atol=1e-4)


def test_closed_lids_meet() -> None:
    mesh = face_mesh()
    moved = mesh.vertices + mode_basis()[MODE_NAMES.index('blink_left')]
    gap = moved[mesh.landmarks[66], 1] - moved[mesh.landmarks[62], 1]
    assert abs(gap) < 0.6


def test_closed_lips_meet_and_an_open_jaw_parts_them() -> None:
    mesh = face_mesh()
    upper, lower = mesh.landmarks[[90, 94]]

    def gap(name: str) -> float:
        moved = mesh.vertices + mode_basis()[MODE_NAMES.index(name)]
        return float(moved[lower, 1] - moved[upper, 1])

    assert abs(gap('close_lips')) < 0.3
    assert gap('jaw_open') > 20
