"""Score maps: where on the map each landmark is. Pure functions on tensors.

Coordinates are *cells*: cell `i` has its centre at `i`, so a map of width `w` spans
`[-0.5, w - 0.5]`. `LocalCoordinateLabel` maps cells to pixels of the input crop.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn import functional as F

from .constants import constant, is_compiling, map_size

LOG_PROB_FLOOR = -12.0  # log-probability below which a cell says nothing


def map_cells(height: int, width: int, device: torch.device | None = None) -> Tensor:
    """(x, y) of the cells of a map, row by row: long [height·width, 2]."""
    axes = (torch.arange(side, device=device) for side in (height, width))
    rows, columns = torch.meshgrid(*axes, indexing='ij')
    return torch.stack([columns, rows], -1).flatten(0, 1)


def window_steps(radius: int, device: torch.device | None = None) -> Tensor:
    """Steps (x, y) from the centre of a square window, row by row: long [(2r+1)^2, 2]."""
    side = 2 * radius + 1
    return map_cells(side, side, device) - radius


def windows_inside(
    height: int, width: int, radius: int, device: torch.device | None = None
) -> Tensor:
    """Which cells of the window round each cell are on the map: bool [height·width, (2r+1)^2]."""
    cells = map_cells(height, width, device)[:, None] + window_steps(radius, device)
    return ((cells >= 0) & (cells < map_size(width, height, device))).all(-1)


def find_peaks(score_map: Tensor) -> Tensor:
    """Cell of each landmark's highest score: [B, K, h, w] -> long [B, K, 2] as (x, y)."""
    index = score_map.flatten(2).argmax(-1)
    return constant(map_cells, *score_map.shape[-2:], like=index)[index]


def log_probabilities(scores: Tensor) -> Tensor:
    """Scores of cells -> log-probabilities among all cells of a map, float32; [B, K, h, w] both."""
    return scores.float().flatten(2).log_softmax(-1).view_as(scores)


class Window(NamedTuple):
    """The cells round each landmark's peak; S cells, row by row."""

    peaks: Tensor  # [B, K, 2], (x, y) of its middle
    steps: Tensor  # [S, 2], (x, y) from there
    log_probs: Tensor  # [B, K, S], -inf outside the map


def peak_window(score_map: Tensor, radius: int) -> Window:
    """The (2·radius+1)² cells round the peak of each score map, log-probabilities [B, K, h, w].

    What depends on the peak alone is looked up in a table of all cells: arithmetic on so few
    numbers costs a runtime more than they are worth.
    """
    size, cells = score_map.shape[-2:], score_map.flatten(2)
    index = cells.argmax(-1)  # [B, K]
    steps = constant(window_steps, radius, like=index)
    moved = index[..., None] + steps[:, 1] * size[1] + steps[:, 0]
    found = cells.gather(2, moved.clamp(0, size[0] * size[1] - 1)).float()
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
    device = window.log_probs.device.type
    with torch.autocast('cpu' if device == 'meta' else device, enabled=False):
        return window.peaks + window.log_probs.softmax(-1) @ window.steps


def local_log_probs(window: Window) -> Tensor:
    """What the map says for each cell of the window: [B, K, S], -2 to 1.

    Log-probabilities among all cells of the map, scaled; a sharp single peak, a ridge along a
    contour and one of two rivals look different. Detached: no gradient reaches the map.
    """
    return window.log_probs.detach().clamp(min=LOG_PROB_FLOOR) / 4 + 1


def normalize_cells(cells: Tensor, size: Tensor) -> Tensor:
    """Cells [..., 2] of a map of `size` [2] as (w, h) -> [-1, 1] from border to border."""
    return cells * (2 / size) + (1 / size - 1)


def sample_windows(feature_map: Tensor, centers: Tensor, steps: Tensor) -> Tensor:
    """Features round `centers`, bilinear between cells, zero outside the map.

    In a part that is compiled the samples are written out (`gather_windows`), so that the compiler
    joins them with what follows; where deterministic algorithms are asked for, too, because the
    gradient of `grid_sample` has none on a GPU.

    Args:
        feature_map: [B, C, h, w].
        centers: [B, K, 2] in [-1, 1], so that they fit a map of any stride.
        steps: [S, 2], cells of `feature_map`.

    Returns:
        [B, C, K, S].
    """
    if is_compiling() or torch.are_deterministic_algorithms_enabled():
        return gather_windows(feature_map, centers, steps)
    height, width = feature_map.shape[-2:]
    size = constant(map_size, width, height, like=centers)
    grid = centers[:, :, None] + steps.to(centers) * (2 / size)
    return F.grid_sample(feature_map, grid.to(feature_map.dtype), align_corners=False)


def gather_windows(feature_map: Tensor, centers: Tensor, steps: Tensor) -> Tensor:
    """`sample_windows`, from the four cells round each sample, in operations that a compiler joins.

    Not compiled it takes twice the time of PyTorch's `grid_sample`, which no compiler looks into.
    """
    height, width = feature_map.shape[-2:]
    size = constant(map_size, width, height, like=centers)
    cells = ((centers + 1) * (size / 2) - 0.5)[:, :, None] + steps.to(centers)  # [B, K, S, 2]
    first = cells.floor()
    right, down = (cells - first).to(feature_map).unbind(-1)
    x, y = first.long().unbind(-1)
    corners = (
        weigh_cells(feature_map, x, y, (1 - right) * (1 - down)),
        weigh_cells(feature_map, x + 1, y, right * (1 - down)),
        weigh_cells(feature_map, x, y + 1, (1 - right) * down),
        weigh_cells(feature_map, x + 1, y + 1, right * down),
    )
    return sum(corners).permute(0, 3, 1, 2)


def weigh_cells(feature_map: Tensor, x: Tensor, y: Tensor, weights: Tensor) -> Tensor:
    """Features [B, C, h, w] of whole cells, times their weights; 0 outside the map.

    `x`, `y` and `weights` are [B, K, S]; returns [B, K, S, C].
    """
    height, width = feature_map.shape[-2:]
    inside = (x >= 0) & (x < width) & (y >= 0) & (y < height)
    index = y.clamp(0, height - 1) * width + x.clamp(0, width - 1)
    face = torch.arange(len(feature_map), device=index.device)[:, None, None]
    found = feature_map.flatten(2).transpose(1, 2)[face, index]
    return found * (weights * inside)[..., None]
