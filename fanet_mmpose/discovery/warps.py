"""Known warps of a face, affine and thin-plate, with the map of points that belongs to each.

A *view* is what the network sees: [-1, 1] from border to border. The *source* is the picture it
is taken from, in the same unit and with the same middle, but reaching `margin` to each side, so
that a turned view still shows the photograph and no padding.

A warp maps the view to the source, bend first: `source = matrix · (view + bend(view)) + shift`.
That way an image is sampled without inverting anything, and `to_source` is exact; `to_view` is
its inverse by fixed-point iteration, exact to float precision for bends that do not fold.
Thin plates: Bookstein, "Principal Warps", PAMI 1989.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn import functional as F

REACH = 1.2  # the outermost control points lie this far from the middle of the view
ITERATIONS = 24  # of the inverse


class Warp(NamedTuple):
    """Warps of a batch; M control points bend the plane."""

    matrix: Tensor  # [B, 2, 2]
    shift: Tensor  # [B, 2], units of the source
    bend: Tensor  # [B, M + 3, 2], coefficients of the thin plate
    controls: Tensor  # [M, 2], in the view

    @property
    def mirrored(self) -> Tensor:
        """[B] booleans: whether left and right change places."""
        return torch.linalg.det(self.matrix) < 0


def control_grid(side: int) -> Tensor:
    """`side`×`side` control points [side², 2] over the view and a little beyond."""
    line = torch.linspace(-REACH, REACH, side)
    rows, columns = torch.meshgrid(line, line, indexing='ij')
    return torch.stack([columns, rows], -1).flatten(0, 1)


def plate_basis(points: Tensor, controls: Tensor) -> Tensor:
    """What a thin plate is a combination of: points [..., 2], controls [M, 2] -> [..., M + 3]."""
    squared = (points[..., None, :] - controls).square().sum(-1)
    radial = 0.5 * squared * torch.log(squared.clamp(min=1e-12))  # r² log r
    return torch.cat([radial, torch.ones_like(points[..., :1]), points], -1)


@cache
def plate_inverse(side: int) -> Tensor:
    """[M + 3, M]: moves of the control points to the coefficients of the plate through them."""
    controls = control_grid(side).double()
    count = len(controls)
    upper = plate_basis(controls, controls)
    lower = torch.cat([upper[:, count:].T, torch.zeros(3, 3, dtype=upper.dtype)], 1)
    return torch.linalg.inv(torch.cat([upper, lower]))[:, :count].float()


def bend_points(points: Tensor, warp: Warp) -> Tensor:
    """View [B, N, 2] or [N, 2] -> the view moved by the plates [B, N, 2]."""
    return points + plate_basis(points, warp.controls) @ warp.bend


def to_source(warp: Warp, points: Tensor) -> Tensor:
    """Where in the source the view shows these points: [B, N, 2] or [N, 2] -> [B, N, 2]."""
    return bend_points(points, warp) @ warp.matrix.mT + warp.shift[:, None]


def to_view(warp: Warp, points: Tensor) -> Tensor:
    """Where in the view these points of the source are seen: [B, N, 2] -> [B, N, 2]."""
    flat = torch.linalg.solve(warp.matrix, (points - warp.shift[:, None]).mT).mT
    found = flat
    for _ in range(ITERATIONS):
        found = flat - plate_basis(found, warp.controls) @ warp.bend
    return found


def view_grid(height: int, width: int, like: Tensor) -> Tensor:
    """Centres of a view's pixels [height·width, 2], row by row."""
    x = (2 * torch.arange(width, device=like.device) + 1) / width - 1
    y = (2 * torch.arange(height, device=like.device) + 1) / height - 1
    rows, columns = torch.meshgrid(y, x, indexing='ij')
    return torch.stack([columns, rows], -1).flatten(0, 1)


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


def warp_images(
    images: Tensor,
    warp: Warp,
    size: tuple[int, int],
    margin: float,
    frames: Tensor | None = None,
) -> Tensor:
    """Take views of pictures.

    Args:
        images: [B, C, H, W], each reaching `margin` to each side of the middle.
        warp: one for each.
        size: (width, height) of the views, px.
        margin: side of the picture over the side of an unwarped view.
        frames: where the pictures end, as `random_frames`; None where they do.

    Returns:
        [B, C, height, width]; what lies beyond a picture's end repeats its border.
    """
    width, height = size
    grid = to_source(warp, view_grid(height, width, images))
    if frames is not None:
        grid = grid.clamp(frames[:, :1].to(grid), frames[:, 1:].to(grid))
    grid = (grid / margin).unflatten(1, (height, width)).to(images.dtype)
    return F.grid_sample(images, grid, padding_mode='border', align_corners=False)


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
    coefficients = torch.einsum('cm,bmd->bcd', plate_inverse(side), moves)
    controls = control_grid(side)
    return Warp(matrix, shift * (2 * torch.rand(count, 2) - 1), coefficients, controls)


def move_to(warp: Warp, device: torch.device) -> Warp:
    """The same warps on another device."""
    return Warp(*(part.to(device) for part in warp))
