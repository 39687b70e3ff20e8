"""DenseSIFT: Lowe's descriptor (IJCV 2004) on a regular grid, at one scale and upright."""

from __future__ import annotations

import math

import torch
from mmpose.registry import MODELS
from torch import Tensor, nn
from torch.nn import functional as F
from torchvision.transforms.functional import gaussian_blur

from .gradients import clip_and_normalize, image_gradient, orientation_maps

SIDE, BINS = 4, 8  # cells along a window's side; orientations in a full turn
CAMERA_BLUR = 0.5  # what a photograph has already, pixels


def window_kernels(cell: float, stride: int, reach: int) -> Tensor:
    """What a pixel gives to each of the window's 4 cells along one axis, [4, 2 · reach + stride].

    Linear between the cells' centres, times a Gaussian of half a window. Both are products of an
    axis each, so that two passes are the whole descriptor.
    """
    offset = (torch.arange(2 * reach + stride) - reach - (stride - 1) / 2) / cell
    centres = torch.arange(SIDE)[:, None] - (SIDE - 1) / 2
    shares = (1 - (offset - centres).abs()).clamp(min=0)
    return shares * torch.exp(-(offset**2) / (SIDE**2 / 2))


@MODELS.register_module()
class DenseSIFT(nn.Module):
    """4×4 cells of 8 orientations round the centre of each `stride`×`stride` pixels.

    Args:
        stride: Of the map, pixels; it divides the image's sides.
        scale: Sigma that the image is smoothed to, pixels; a cell is three of it, as in Lowe's.
    """

    def __init__(self, stride: int = 4, scale: float = 1.6) -> None:
        super().__init__()
        self.stride, self.channels = stride, SIDE * SIDE * BINS
        self.sigma = math.sqrt(scale**2 - CAMERA_BLUR**2)
        self.reach = math.ceil(3 * scale * (SIDE + 1) / 2)
        kernels = window_kernels(3 * scale, stride, self.reach)
        self.register_buffer('kernels', kernels[:, None, None], persistent=False)

    def forward(self, grey: Tensor) -> Tensor:
        """Grey images [B, 1, H, W] -> [B, 128, H/stride, W/stride] in 0..1.

        Channel `(4 · row + column) · 8 + orientation`, in OpenCV's order; orientations turn
        anticlockwise from the right.
        """
        batch = len(grey)
        width = 2 * math.ceil(4 * self.sigma) + 1
        down, right = image_gradient(gaussian_blur(grey, [width, width], [self.sigma, self.sigma]))
        turns = torch.atan2(-down, right) / (2 * math.pi)
        votes = orientation_maps(turns, torch.hypot(down, right), BINS, first=0.0)
        columns = F.conv2d(
            votes.flatten(0, 1)[:, None],
            self.kernels,
            stride=(1, self.stride),
            padding=(0, self.reach),
        )  # [B · 8, 4, H, W/stride]
        rows = F.conv2d(
            columns.flatten(0, 1)[:, None],
            self.kernels.transpose(-1, -2),
            stride=(self.stride, 1),
            padding=(self.reach, 0),
        )  # [B · 8 · 4, 4, H/stride, W/stride]
        cells = rows.unflatten(0, (batch, BINS, SIDE)).permute(0, 3, 2, 1, 4, 5)
        return clip_and_normalize(cells.flatten(1, 3), dim=(1,))
