"""Where the points start: a grid over the face box, alike for every picture.

The only thing that is assumed of the pictures is that a face fills the middle of its box, upright
more often than not. The grid is symmetric, so each point knows its mirror partner without a label.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor


def template_points(columns: int, rows: int, area: Sequence[float]) -> Tensor:
    """A grid [rows·columns, 2], row by row, in [-1, 1] of the network's input.

    Args:
        columns, rows: points across and down.
        area: outermost points: half width, top, bottom. The grid is symmetric about x = 0.
    """
    half_width, top, bottom = area
    x = torch.linspace(-half_width, half_width, columns) if columns > 1 else torch.zeros(1)
    y = torch.linspace(top, bottom, rows)
    return torch.stack([x.repeat(rows), y.repeat_interleave(columns)], -1)


def mirror_order(columns: int, rows: int) -> list[int]:
    """[K]: the partner of each point of the grid across the midline; its own on it."""
    grid = np.arange(columns * rows).reshape(rows, columns)
    return grid[:, ::-1].ravel().tolist()


def swap_sides(points: Tensor, mirrored: Tensor, order: Sequence[int]) -> Tensor:
    """Give left points the names of right ones where a view is mirrored.

    Args:
        points: anything per point [B, K, ...], of a view or meant for one.
        mirrored: [B] booleans.
        order: [K] partners.
    """
    swapped = points[:, list(order)]
    return torch.where(mirrored.view(-1, *[1] * (points.ndim - 1)), swapped, points)
