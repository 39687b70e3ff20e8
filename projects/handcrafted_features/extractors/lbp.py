"""DenseLBP: local binary patterns (Ojala et al., TPAMI 2002), counted round each cell.

59 patterns as in face recognition by LBP (Ahonen et al., TPAMI 2006): the 58 whose bits change at
most twice round the circle, and all others as one.
"""

from __future__ import annotations

import math

import torch
from mmpose.registry import MODELS
from torch import Tensor, nn
from torch.nn import functional as F

NEIGHBOURS = 8
TIE = 1e-5  # a neighbour this little darker is as bright: interpolation rounds


def difference_kernels() -> Tensor:
    """Neighbour minus centre, [8, 1, 3, 3]: anticlockwise from the right, at distance 1.

    Neighbours between pixels are interpolated linearly, as in `local_binary_pattern`.
    """
    kernels = torch.zeros(NEIGHBOURS, 1, 3, 3)
    for step, kernel in enumerate(kernels):
        angle = 2 * math.pi * step / NEIGHBOURS
        y, x = -math.sin(angle), math.cos(angle)
        for row in (-1, 0, 1):
            for column in (-1, 0, 1):
                share = max(0.0, 1 - abs(y - row)) * max(0.0, 1 - abs(x - column))
                kernel[0, row + 1, column + 1] = share
    kernels[:, :, 1, 1] -= 1
    return kernels


def pattern_of_code() -> Tensor:
    """Which of the 59 patterns each of the 256 codes is, [256]."""
    code = torch.arange(1 << NEIGHBOURS)
    bits = code[:, None] >> torch.arange(NEIGHBOURS) & 1
    uniform = (bits != bits.roll(1, dims=1)).sum(1) <= 2
    return torch.where(uniform, uniform.cumsum(0) - 1, uniform.sum())


@MODELS.register_module()
class DenseLBP(nn.Module):
    """Share of each pattern in the 3×3 cells round each cell.

    Args:
        cell: Side of a cell, which is the map's stride, pixels; it divides the image's sides.
    """

    def __init__(self, cell: int = 4) -> None:
        super().__init__()
        self.cell = cell
        patterns = pattern_of_code()
        self.channels = int(patterns.max()) + 1
        self.register_buffer('kernels', difference_kernels(), persistent=False)
        self.register_buffer('patterns', patterns, persistent=False)
        bits = (1 << torch.arange(NEIGHBOURS)).view(1, -1, 1, 1)
        self.register_buffer('bits', bits, persistent=False)

    def codes(self, grey: Tensor) -> Tensor:
        """Grey images [B, 1, H, W] -> [B, H, W] in 0..255; bit `i`: neighbour `i` is as bright."""
        around = F.pad(grey, (1, 1, 1, 1), mode='replicate')
        brighter = F.conv2d(around, self.kernels) >= -TIE
        return (brighter * self.bits).sum(1)

    def forward(self, grey: Tensor) -> Tensor:
        """Grey images [B, 1, H, W] -> [B, 59, H/cell, W/cell], each place at most 1 in sum."""
        pattern = self.patterns[self.codes(grey)]
        # [B, H/cell · W/cell, cell²]: the pixels of a cell side by side.
        pixels = F.pixel_unshuffle(pattern[:, None], self.cell).flatten(2).transpose(1, 2)
        counts = grey.new_zeros(*pixels.shape[:2], self.channels)
        counts.scatter_add_(2, pixels, grey.new_ones(()).expand(pixels.shape))
        cells = counts.transpose(1, 2).unflatten(2, (grey.shape[-2] // self.cell, -1))
        return F.avg_pool2d(cells / self.cell**2, 3, stride=1, padding=1)
