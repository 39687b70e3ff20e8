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


def find_peaks(score_map: Tensor) -> Tensor:
    """Cell of each landmark's highest score: logits [B, K, h, w] -> long [B, K, 2] as (x, y)."""
    width = score_map.shape[-1]
    index = score_map.flatten(2).argmax(-1)
    return torch.stack([index % width, torch.div(index, width, rounding_mode='floor')], -1)


def window_steps(radius: int, device: torch.device) -> Tensor:
    """Steps (x, y) from the centre of a square window, row by row: long [(2r+1)^2, 2]."""
    line = torch.arange(-radius, radius + 1, device=device)
    rows, columns = torch.meshgrid(line, line, indexing='ij')
    return torch.stack([columns, rows], -1).flatten(0, 1)


class Window(NamedTuple):
    """The cells round each landmark's peak; S cells, row by row."""

    cells: Tensor  # [B, K, S, 2], (x, y)
    logits: Tensor  # [B, K, S], -inf outside the map


def peak_window(score_map: Tensor, radius: int) -> Window:
    """The (2·radius+1)² cells round the peak of each score map, logits [B, K, h, w]."""
    height, width = score_map.shape[-2:]
    cells = find_peaks(score_map)[:, :, None] + window_steps(radius, score_map.device)
    x, y = cells.unbind(-1)  # [B, K, S]
    inside = (x >= 0) & (x < width) & (y >= 0) & (y < height)
    index = y.clamp(0, height - 1) * width + x.clamp(0, width - 1)
    logits = score_map.flatten(2).gather(2, index).float()
    return Window(cells, logits.masked_fill(~inside, -torch.inf))


def local_soft_argmax(window: Window) -> Tensor:
    """Sub-cell position of each landmark [B, K, 2]: the mean cell of its window.

    A soft-argmax over the whole map is drawn to its middle by cells of low probability (Nibali et
    al., arXiv 1801.07372); restricted to the window it is not, and it stays differentiable.
    """
    return (window.logits.softmax(-1)[..., None] * window.cells).sum(2)


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
    return (2 * cells + 1) / size - 1


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
    grid = centers[:, :, None] + 2 * steps.to(centers) / size
    return F.grid_sample(feature_map, grid.to(feature_map.dtype), align_corners=False)
