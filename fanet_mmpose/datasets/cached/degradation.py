"""Blur, low resolution, JPEG, noise and grey, of a batch."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from fanet_mmpose.datasets.cached.jpeg import jpeg

BLUR_RADIUS = 6  # px, OpenCV's for the largest sigma, 2
GREY = (0.114, 0.587, 0.299)  # of blue, green, red
SEEDS = 2**31


def blur(images: Tensor, sigma: Tensor) -> Tensor:
    """Gaussian blur of [B, 3, h, w], each by its own sigma [B] in px, as wide as OpenCV's."""
    b, c, h, w = images.shape
    offsets = torch.arange(-BLUR_RADIUS, BLUR_RADIUS + 1).to(images)
    radius = (6 * sigma + 1).round().floor_divide(2)[:, None]
    kernel = torch.exp(-0.5 * (offsets / sigma[:, None]) ** 2) * (offsets.abs() <= radius)
    kernel = (kernel / kernel.sum(1, keepdim=True)).repeat_interleave(c, 0)[:, None]
    planes = F.pad(images.reshape(1, b * c, h, w), [BLUR_RADIUS] * 4, mode='reflect')
    planes = F.conv2d(planes, kernel[:, :, None], groups=b * c)
    return F.conv2d(planes, kernel[..., None], groups=b * c).reshape(b, c, h, w)


def resampling(side: int, small: Tensor) -> Tensor:
    """[B, side, side]: `side` values averaged down to `small` [B] of them and interpolated back."""
    places = torch.arange(side).to(small)
    step = (side / small)[:, None, None]
    rows = places[None, :, None] * step
    overlap = torch.minimum(rows + step, places + 1) - torch.maximum(rows, places)
    down = overlap.clamp(min=0) / step  # rows from `small` on stay empty
    centers = ((places + 0.5) / step[:, 0] - 0.5).clamp(min=0)
    centers = torch.minimum(centers, small[:, None] - 1)
    up = (1 - (centers[:, :, None] - places).abs()).clamp(min=0)
    return up @ down


def lower_resolution(images: Tensor, factor: Tensor) -> Tensor:
    """Shrink [B, 3, h, w] by `factor` [B] by averaging, and bring back by interpolation."""
    rows, columns = (resampling(side, (side * factor).round()) for side in images.shape[2:])
    return rows[:, None] @ images @ columns[:, None].transpose(2, 3)


def add_noise(images: Tensor, sigma: Tensor, seeds: np.ndarray) -> Tensor:
    """Sensor noise of standard deviation `sigma` [B], grey levels, from the seed of each face."""
    noise = torch.stack([
        torch.randn(image.shape, device=image.device,
                    generator=torch.Generator(image.device).manual_seed(int(seed)))
        for image, seed in zip(images, seeds, strict=True)
    ])  # fmt: skip
    return (images + noise * sigma[:, None, None, None]).clamp(0, 255).floor()


def grey(images: Tensor) -> Tensor:
    """All three channels the same."""
    weights = torch.tensor(GREY).to(images)
    return torch.einsum('c,bchw->bhw', weights, images)[:, None].expand_as(images)


class BatchDegradation:
    """`RandomDegradation` of a batch."""

    num_draws = 4

    def __init__(self, prob: float = 0.3) -> None:
        self.prob = prob

    def __call__(self, images: Tensor, draws: np.ndarray) -> Tensor:
        """[B, 3, h, w], changed in place."""
        chosen = draws[:, 0] < self.prob
        kinds = (draws[:, 1] * 5).astype(int)
        for kind in range(5):
            faces = np.flatnonzero(chosen & (kinds == kind))
            if len(faces):
                images[faces] = self._spoil(images[faces], kind, draws[faces, 2], draws[faces, 3])
        return images

    @staticmethod
    def _spoil(images: Tensor, kind: int, amount: np.ndarray, seeds: np.ndarray) -> Tensor:
        """One kind; `amount` [B] in [0, 1) says how much."""

        def between(low: float, high: float) -> Tensor:
            return torch.from_numpy(low + amount * (high - low)).to(images)

        if kind == 0:
            return blur(images, between(0.5, 2.0))
        if kind == 1:
            return lower_resolution(images, between(0.3, 0.8))
        if kind == 2:
            return jpeg(images, between(15, 70).floor())
        if kind == 3:
            return add_noise(images, between(3, 15), seeds * SEEDS)
        return grey(images)
