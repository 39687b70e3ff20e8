"""Rays onto the mesh."""

from __future__ import annotations

import numpy as np
import pytest

from fanet_mmpose.synthetic.human_build import _split_seams
from fanet_mmpose.synthetic.human_head import EAR, SKIN
from fanet_mmpose.synthetic.human_points import Caster, SkinPoint

WALL = np.array([[-10, -10, 0], [10, -10, 0], [10, 10, 0], [-10, 10, 0]], float)
FACES = np.array([[0, 1, 2], [0, 2, 3]])


def test_a_ray_meets_the_nearer_wall() -> None:
    both = np.concatenate([WALL, WALL - [0, 0, 50]])
    point = Caster(both, np.concatenate([FACES + 4, FACES])).front(3, -4)
    np.testing.assert_allclose(point.on(both), [3, -4, 0], atol=1e-9)
    assert abs(point.shares.sum() - 1) < 1e-9


def test_a_ray_beside_the_wall_says_so() -> None:
    with pytest.raises(ValueError, match='no skin'):
        Caster(WALL, FACES).front(30, 0)


def test_a_point_goes_with_its_triangle() -> None:
    point = SkinPoint(np.array([0, 1, 2]), np.array([0.2, 0.3, 0.5]))
    np.testing.assert_allclose(point.on(WALL + [1, 2, 3]), point.on(WALL) + [1, 2, 3])


def test_vertices_at_a_seam_are_copied() -> None:
    part = np.array([SKIN, SKIN, SKIN, EAR])
    triangles, copy_of, parts = _split_seams(FACES, part)
    np.testing.assert_array_equal(copy_of[triangles], FACES)
    assert set(parts[triangles[1]]) == {EAR} and set(parts[triangles[0]]) == {SKIN}
