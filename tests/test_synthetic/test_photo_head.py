"""The surface that a photographed face is laid on."""

from __future__ import annotations

import numpy as np
import pytest
from helpers.mesh_faces import egg_mesh, egg_points

from fanet_mmpose.geometry.face_mesh import VERTICES
from fanet_mmpose.synthetic.photo_head import (
    OVAL,
    angles_of,
    axes_of,
    head_axes,
    make_head,
    make_topology,
)


def test_angles_there_and_back_have_the_signs_of_drawn_heads() -> None:
    for angles in ([40, -15, 20], [-80, 10, -5], [0, 0, 0]):
        assert angles_of(axes_of(np.array(angles))) == pytest.approx(angles, abs=1e-9)
    right, down = axes_of(np.array([30, 0, 0]))[:, 2], axes_of(np.array([0, 30, 0]))[:, 2]
    assert right == pytest.approx([0.5, 0, np.sqrt(0.75)])  # turned to the right of the image
    assert down == pytest.approx([0, 0.5, np.sqrt(0.75)])  # chin down


def test_axes_of_a_turned_mesh() -> None:
    mesh, turn = egg_mesh(), axes_of(np.array([25, -10, 15]))
    assert head_axes(mesh) == pytest.approx(np.eye(3), abs=1e-6)
    assert head_axes(mesh @ turn.T) == pytest.approx(turn, abs=1e-6)


def test_triangles_face_the_viewer_and_leave_no_gap() -> None:
    mesh = egg_mesh()
    topology = make_topology(np.stack([mesh, mesh @ axes_of(np.array([20, 5, 0])).T]))
    head = make_head(mesh, egg_points(mesh))
    areas = []
    for triangles in (topology.head, topology.surroundings):
        (ax, ay), (bx, by) = (
            (head.vertices[triangles[:, i], :2] - head.vertices[triangles[:, 0], :2]).T
            for i in (1, 2)
        )
        areas.append((ax * by - ay * bx) / 2)
        assert areas[-1].min() > 0
    x, y = head.vertices[head.rim, :2].T
    outline = 0.5 * (x * np.roll(y, -1) - y * np.roll(x, -1)).sum()
    assert sum(area.sum() for area in areas) == pytest.approx(outline, rel=1e-3)


def test_the_mesh_is_laid_on_the_points_of_people() -> None:
    mesh = egg_mesh()
    points = egg_points(mesh) + [6, -4]
    head = make_head(mesh, points)
    assert head.misfit == pytest.approx(np.hypot(6, 4) / head.width)
    inner = list(VERTICES[17:])
    assert head.vertices[inner, :2] == pytest.approx(points[17:], abs=0.5)
    assert head.points[:, :2] == pytest.approx(points)
    assert head.points[17:, 2] == pytest.approx(mesh[inner, 2])


def test_rings_go_out_and_back_and_the_rim_is_behind_all() -> None:
    mesh = egg_mesh()
    head = make_head(mesh, egg_points(mesh))
    rings = head.vertices[len(mesh) :].reshape(4, len(OVAL), 3)
    out = np.linalg.norm(rings[..., :2] - [192, 192], axis=-1)
    assert (np.diff(out, axis=0) > 0).all()
    assert (np.diff(rings[..., 2], axis=0) <= 0).all()
    assert rings[0, :, 2].max() < mesh[list(OVAL), 2].min() + 1e-6
