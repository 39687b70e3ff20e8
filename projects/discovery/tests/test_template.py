"""The grid is symmetric and knows its mirror partners."""

from __future__ import annotations

import pytest

torch = pytest.importorskip('torch')
from projects.discovery.template import (  # noqa: E402
    mirror_order,
    swap_sides,
    template_points,
)

AREA = (0.5, -0.6, 0.4)


@pytest.mark.parametrize(('columns', 'rows'), [(1, 1), (5, 6), (4, 3)])
def test_mirroring_a_point_gives_its_partner(columns: int, rows: int) -> None:
    points, order = template_points(columns, rows, AREA), mirror_order(columns, rows)
    assert points.shape == (columns * rows, 2)
    torch.testing.assert_close(points * torch.tensor([-1.0, 1.0]), points[order])


def test_the_grid_fills_its_area_row_by_row() -> None:
    points = template_points(3, 2, AREA)
    assert points[:3, 1].eq(-0.6).all() and points[0, 0] == -0.5
    torch.testing.assert_close(points[-1], torch.tensor([0.5, 0.4]))


def test_sides_are_swapped_only_where_mirrored() -> None:
    points = torch.rand(2, 6, 2)
    swapped = swap_sides(points, torch.tensor([True, False]), mirror_order(3, 2))
    torch.testing.assert_close(swapped[1], points[1])
    torch.testing.assert_close(swapped[0, 0], points[0, 2])
    torch.testing.assert_close(swapped[0, 1], points[0, 1])
    assert swap_sides(points[..., 0], torch.tensor([True, True]), mirror_order(3, 2)).ndim == 2
