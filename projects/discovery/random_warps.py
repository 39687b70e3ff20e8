"""Which warps are drawn, and where pictures are made to end."""

from __future__ import annotations

import torch
from torch import Tensor

from .warps import Warp, control_grid, exact, plate_inverse


def identity_warp(count: int, side: int = 4) -> Warp:
    """`count` warps that show the middle of the picture as it is."""
    controls = control_grid(side)
    return Warp(
        torch.eye(2).repeat(count, 1, 1),
        torch.zeros(count, 2),
        torch.zeros(count, len(controls) + 3, 2),
        controls,
    )


def random_warp(
    count: int,
    rotate: float = 30.0,
    scale: float = 1.25,
    shift: float = 0.15,
    bend: float = 0.1,
    mirror: float = 0.5,
    side: int = 4,
) -> Warp:
    """Draw `count` warps from torch's generator.

    Args:
        count: B.
        rotate: largest turn either way, degrees, uniform.
        scale: largest size of the face over its usual one; the smallest is its inverse; uniform
            in the logarithm.
        shift: largest move along each axis, half sides of the view, uniform.
        bend: standard deviation of a control point's move, half sides of the view. Above about
            a third of the distance of control points, plates may fold.
        mirror: chance that the view is mirrored.
        side: `side`² control points.
    """
    angle = torch.deg2rad(rotate * (2 * torch.rand(count) - 1))
    size = scale ** (2 * torch.rand(count) - 1)
    flip = torch.where(torch.rand(count) < mirror, -1.0, 1.0)
    cosine, sine = torch.cos(angle) / size, torch.sin(angle) / size
    matrix = torch.stack([cosine * flip, -sine, sine * flip, cosine], -1).view(-1, 2, 2)
    moves = bend * torch.randn(count, side * side, 2)
    with exact(moves):
        coefficients = torch.einsum('cm,bmd->bcd', plate_inverse(side), moves)
    controls = control_grid(side)
    return Warp(matrix, shift * (2 * torch.rand(count, 2) - 1), coefficients, controls)


def random_frames(count: int, least: float, margin: float) -> Tensor:
    """Where pictures are made to end, each side for itself: [B, 2, 2] as (low, high), (x, y).

    The true end of a picture lies where the box puts it, so a view that shows it gives the box
    away; an end that lies anywhere does not.

    Args:
        count: B.
        least: nearest end, units of the source.
        margin: farthest.
    """
    ends = least + (margin - least) * torch.rand(count, 2, 2)
    return ends * torch.tensor([-1.0, 1.0])[:, None]
