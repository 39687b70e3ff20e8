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


def exact(like: Tensor) -> torch.autocast:
    """Float32 inside: bfloat16 has 8 bits, a quarter of a pixel at the border of a view."""
    return torch.autocast(like.device.type, enabled=False)


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


def bend_of(points: Tensor, warp: Warp) -> Tensor:
    """How far the plates move points of the view: [B, N, 2] or [N, 2] -> [B, N, 2]."""
    basis = plate_basis(points, warp.controls)
    if points.ndim == 3:
        return basis @ warp.bend
    # One product for all plates is many times quicker than one for each.
    count, terms = warp.bend.shape[:2]
    moved = basis @ warp.bend.transpose(0, 1).reshape(terms, count * 2)
    return moved.view(-1, count, 2).transpose(0, 1)


def to_source(warp: Warp, points: Tensor) -> Tensor:
    """Where in the source the view shows these points: [B, N, 2] or [N, 2] -> [B, N, 2]."""
    with exact(points):
        points = points.float()
        return (points + bend_of(points, warp)) @ warp.matrix.mT + warp.shift[:, None]


def to_view(warp: Warp, points: Tensor) -> Tensor:
    """Where in the view these points of the source are seen: [B, N, 2] -> [B, N, 2]."""
    with exact(points):
        flat = (points.float() - warp.shift[:, None]) @ torch.linalg.inv(warp.matrix).mT
        found = flat
        for _ in range(ITERATIONS):
            found = flat - bend_of(found, warp)
        return found


def view_grid(height: int, width: int, like: Tensor) -> Tensor:
    """Centres of a view's pixels [height·width, 2], row by row."""
    x = (2 * torch.arange(width, device=like.device) + 1) / width - 1
    y = (2 * torch.arange(height, device=like.device) + 1) / height - 1
    rows, columns = torch.meshgrid(y, x, indexing='ij')
    return torch.stack([columns, rows], -1).flatten(0, 1)


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


def move_to(warp: Warp, device: torch.device) -> Warp:
    """The same warps on another device."""
    return Warp(*(part.to(device) for part in warp))
