"""HOG: histograms of oriented gradients (Dalal and Triggs, CVPR 2005), one for each cell."""

from __future__ import annotations

import math

import torch
from mmpose.registry import MODELS
from torch import Tensor, nn
from torch.nn import functional as F

from .gradients import clip_and_normalize, image_gradient, orientation_maps


@MODELS.register_module()
class HOG(nn.Module):
    """Each cell's histogram, normalised in each of the four 2×2 blocks that hold the cell.

    Orientations have no sign. The votes are shared between neighbouring orientations, as in the
    paper, but not between cells. Outside the image there is no gradient.

    Args:
        cell: Side of a cell, which is the map's stride, pixels; it divides the image's sides.
        bins: Orientations in half a turn.
    """

    def __init__(self, cell: int = 4, bins: int = 9) -> None:
        super().__init__()
        self.cell, self.bins = cell, bins
        self.channels = 4 * bins

    def forward(self, grey: Tensor) -> Tensor:
        """Grey images [B, 1, H, W] -> [B, 4 · bins, H/cell, W/cell] in 0..1.

        Channel `(2 · row + column) · bins + bin`: the cell is at (row, column) of its block.
        """
        down, right = image_gradient(grey)
        turns = torch.atan2(down, right) / math.pi
        votes = orientation_maps(turns, torch.hypot(down, right), self.bins, first=0.5)
        cells = F.avg_pool2d(votes, self.cell)
        height, width = cells.shape[-2:]
        places = [(row, column) for row in (0, 1) for column in (0, 1)]
        padded = F.pad(cells, (1, 1, 1, 1))
        blocks = torch.stack(
            [padded[..., r : r + height + 1, c : c + width + 1] for r, c in places], 1
        )  # [B, 4, bins, H/cell + 1, W/cell + 1]
        blocks = clip_and_normalize(blocks, dim=(1, 2))
        return torch.cat(
            [
                blocks[:, place, :, 1 - r : 1 - r + height, 1 - c : 1 - c + width]
                for place, (r, c) in enumerate(places)
            ],
            1,
        )
