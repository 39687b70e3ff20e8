"""Score maps: where on the map each landmark is. Pure functions on tensors.

Coordinates are *cells*: cell `i` has its centre at `i`, so a map of width `w` spans
`[-0.5, w - 0.5]`. `LocalCoordinateLabel` maps cells to pixels of the input crop.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn import functional as F

from .constants import constant, map_size

LOG_PROB_FLOOR = -12.0  # log-probability below which a cell says nothing


def map_cells(height: int, width: int) -> Tensor:
    """(x, y) of the cells of a map, row by row: long [height·width, 2]."""
    rows, columns = torch.meshgrid(torch.arange(height), torch.arange(width), indexing='ij')
    return torch.stack([columns, rows], -1).flatten(0, 1)


def window_steps(radius: int) -> Tensor:
    """Steps (x, y) from the centre of a square window, row by row: long [(2r+1)^2, 2]."""
    side = 2 * radius + 1
    return map_cells(side, side) - radius


def windows_inside(height: int, width: int, radius: int) -> Tensor:
    """Which cells of the window round each cell are on the map: bool [height·width, (2r+1)^2]."""
    cells = map_cells(height, width)[:, None] + window_steps(radius)
    return ((cells >= 0) & (cells < torch.tensor([width, height]))).all(-1)


def find_peaks(score_map: Tensor) -> Tensor:
    """Cell of each landmark's highest score: logits [B, K, h, w] -> long [B, K, 2] as (x, y)."""
    index = score_map.flatten(2).argmax(-1)
    return constant(map_cells, *score_map.shape[-2:], like=index)[index]


class Window(NamedTuple):
    """The cells round each landmark's peak; S cells, row by row."""

    peaks: Tensor  # [B, K, 2], (x, y) of its middle
    steps: Tensor  # [S, 2], (x, y) from there
    logits: Tensor  # [B, K, S], -inf outside the map


def peak_window(score_map: Tensor, radius: int) -> Window:
    """The (2·radius+1)² cells round the peak of each score map, logits [B, K, h, w].

    What depends on the peak alone is looked up in a table of all cells: arithmetic on so few
    numbers costs a runtime more than they are worth.
    """
    size, logits = score_map.shape[-2:], score_map.flatten(2)
    index = logits.argmax(-1)  # [B, K]
    steps = constant(window_steps, radius, like=index)
    moved = index[..., None] + steps[:, 1] * size[1] + steps[:, 0]
    found = logits.gather(2, moved.clamp(0, size[0] * size[1] - 1)).float()
    inside = constant(windows_inside, *size, radius, like=index, dtype=torch.bool)[index]
    return Window(
        constant(map_cells, *size, like=found)[index],
        steps.to(found),
        torch.where(inside, found, -torch.inf),
    )


def local_soft_argmax(window: Window) -> Tensor:
    """Sub-cell position of each landmark [B, K, 2]: the mean cell of its window.

    A soft-argmax over the whole map is drawn to its middle by cells of low probability (Nibali et
    al., arXiv 1801.07372); restricted to the window it is not, and it stays differentiable.
    """
    # Autocast would take the product in half precision, which is a hundredth of a cell. Tensors
    # without numbers, of which operations are only counted, have none.
    device = window.logits.device.type
    with torch.autocast('cpu' if device == 'meta' else device, enabled=False):
        return window.peaks + window.logits.softmax(-1) @ window.steps


def local_log_probs(score_map: Tensor, window: Window) -> Tensor:
    """What the whole map says for each cell of the window: [B, K, S], about -2 to 1.

    Log-probabilities among all cells of the map, scaled; a sharp single peak, a ridge along a
    contour and one of two rivals look different. Detached: no gradient reaches the map.
    """
    logits = window.logits.detach()
    # log-sum-exp, spelled out: the window holds the maximum, and runtimes are slow to find it.
    highest = logits.amax(-1, keepdim=True)
    others = score_map.detach().float().flatten(2) - highest
    total = highest + others.exp().sum(-1, keepdim=True).log()
    return (logits - total).clamp(min=LOG_PROB_FLOOR) / 4 + 1


def normalize_cells(cells: Tensor, size: Tensor) -> Tensor:
    """Cells [..., 2] of a map of `size` [2] as (w, h) -> [-1, 1] from border to border."""
    return cells * (2 / size) + (1 / size - 1)


def sample_windows(feature_map: Tensor, centers: Tensor, steps: Tensor) -> Tensor:
    """Features round `centers`, bilinear between cells, zero outside the map.

    Args:
        feature_map: [B, C, h, w].
        centers: [B, K, 2] in [-1, 1], so that they fit a map of any stride.
        steps: [S, 2], cells of `feature_map`.

    Returns:
        [B, C, K, S].
    """
    height, width = feature_map.shape[-2:]
    size = constant(map_size, width, height, like=centers)
    grid = centers[:, :, None] + steps.to(centers) * (2 / size)
    return F.grid_sample(feature_map, grid.to(feature_map.dtype), align_corners=False)
