"""Image gradients and their soft orientation binning, which HOG and SIFT share."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F


def image_gradient(grey: Tensor) -> tuple[Tensor, Tensor]:
    """Differences of the two neighbours, not halved: [B, 1, H, W] -> (down, right), both the same.

    Zero on the image's first and last row or column, as in `skimage.feature.hog`.
    """
    down = F.pad(grey[..., 2:, :] - grey[..., :-2, :], (0, 0, 1, 1))
    right = F.pad(grey[..., :, 2:] - grey[..., :, :-2], (1, 1))
    return down, right


def orientation_maps(angle: Tensor, weight: Tensor, bins: int, first: float) -> Tensor:
    """Share each pixel's weight between the two orientations nearest to its own.

    Args:
        angle: [B, 1, H, W], in turns of the binned range: 1 is 0 again.
        weight: [B, 1, H, W], the gradient's magnitude.
        bins: Orientations.
        first: Centre of the first bin, in bins: 0, or 0.5 where the first bin starts at 0.

    Returns:
        [B, bins, H, W], which sums to `weight` over the bins.
    """
    centres = torch.arange(bins, device=angle.device).view(1, -1, 1, 1) + first
    distance = (angle * bins - centres + bins / 2).remainder(bins) - bins / 2
    return weight * (1 - distance.abs()).clamp(min=0)


def clip_and_normalize(histogram: Tensor, dim: tuple[int, ...], eps: float = 1e-5) -> Tensor:
    """Unit length, at most 0.2 each, unit length again (Lowe 2004; "L2-Hys" in HOG)."""
    for limit in (0.2, 1.0):
        length = (histogram.square().sum(dim, keepdim=True) + eps**2).sqrt()
        histogram = (histogram / length).clamp(max=limit)
    return histogram
