"""Triangles to pixels."""

from __future__ import annotations

import numpy as np

from fanet_mmpose.synthetic.rasterize import rasterize

SQUARE = np.array([[2.0, 2.0], [7.0, 2.0], [7.0, 7.0], [2.0, 7.0]])
TWO = np.array([[0, 1, 2], [0, 2, 3]])


def test_square_is_covered_once_without_holes() -> None:
    fragments = rasterize(SQUARE, np.zeros(4), TWO, (12, 10))
    rows, columns = np.divmod(fragments.pixels, 12)
    assert len(fragments.pixels) == 36
    assert rows.min() == columns.min() == 2 and rows.max() == columns.max() == 7


def test_interpolation_returns_the_place_itself() -> None:
    points = np.array([[1.3, 0.4], [18.2, 5.5], [6.1, 15.8]])
    triangle = np.array([[0, 1, 2]])
    fragments = rasterize(points, np.zeros(3), triangle, (20, 20))
    found = fragments.interpolate(triangle, points.astype(np.float32))
    rows, columns = np.divmod(fragments.pixels, 20)
    np.testing.assert_allclose(found, np.stack([columns, rows], axis=1), atol=1e-3)
    assert len(rows) > 90


def test_the_nearer_surface_hides_the_farther_whatever_the_order() -> None:
    points = np.concatenate([SQUARE, SQUARE])
    depth = np.repeat([5.0, 9.0], 4)
    for triangles in (np.concatenate([TWO, TWO + 4]), np.concatenate([TWO + 4, TWO])):
        fragments = rasterize(points, depth, triangles, (12, 10))
        assert (triangles[fragments.triangles] >= 4).all()


def test_what_turns_away_or_lies_outside_is_not_drawn() -> None:
    assert len(rasterize(SQUARE, np.zeros(4), TWO[:, ::-1], (12, 10)).pixels) == 0
    assert len(rasterize(SQUARE + 50, np.zeros(4), TWO, (12, 10)).pixels) == 0
    clipped = rasterize(SQUARE - 5, np.zeros(4), TWO, (12, 10))
    assert len(clipped.pixels) == 9
