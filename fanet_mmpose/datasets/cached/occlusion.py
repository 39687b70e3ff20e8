"""Rectangles that hide a part of the faces of a batch."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

SEEDS = 2**31


class Patches(NamedTuple):
    """A rectangle [B] each, px of the crop; it may stick out of it."""

    left: np.ndarray
    top: np.ndarray
    width: np.ndarray
    height: np.ndarray

    def cover(self, points: np.ndarray) -> np.ndarray:
        """Which of the points [B, K, 2] lie under them, [B, K] bool."""
        low = np.stack([self.left, self.top], -1)[:, None]
        high = low + np.stack([self.width, self.height], -1)[:, None]
        return ((points >= low) & (points < high)).all(-1)


class BatchOcclusion:
    """`RandomOcclusion` of a batch; arguments are its own."""

    num_draws = 12

    def __init__(self, prob: float = 0.5, size: tuple[float, float] = (0.1, 0.45)) -> None:
        self.prob, self.size = prob, size

    def chosen(self, draws: np.ndarray) -> np.ndarray:
        """Which faces are covered, [B] bool."""
        return draws[:, 0] < self.prob

    def patches(self, draws: np.ndarray, height: int, width: int) -> Patches:
        """Rectangles in crops of this size."""
        low, high = self.size
        sides = np.array([height, width])
        lengths = np.maximum((sides * (low + draws[:, 1:3] * (high - low))).astype(int), 1)
        corners = np.round(draws[:, 3:5] * sides - lengths / 2).astype(int)
        return Patches(corners[:, 1], corners[:, 0], lengths[:, 1], lengths[:, 0])

    def __call__(self, images: Tensor, draws: np.ndarray) -> Tensor:
        """[B, 3, h, w], changed in place: one colour, noise, or another part of the same image."""
        faces = np.flatnonzero(self.chosen(draws))
        if not len(faces):
            return images
        draws = draws[faces]
        patches = self.patches(draws, *images.shape[2:])
        for face, draw, *place in zip(faces, draws, *patches, strict=True):
            _cover(images[face], draw, *map(int, place))
        return images

    def occluded(self, draws: np.ndarray, points: np.ndarray, size: tuple[int, int]) -> np.ndarray:
        """Which points [B, K, 2] of crops of `size` (width, height) are covered, [B, K] bool."""
        under = self.patches(draws, size[1], size[0]).cover(points)
        return under & self.chosen(draws)[:, None]


def _cover(image: Tensor, draws: np.ndarray, left: int, top: int, width: int, height: int) -> None:
    """Fill one rectangle of an image [3, h, w], in place."""
    rows = slice(max(top, 0), max(top + height, 0))
    columns = slice(max(left, 0), max(left + width, 0))
    region = image[:, rows, columns]
    h, w = region.shape[1:]
    kind = int(draws[5] * 3)
    if kind == 0:
        region[:] = torch.from_numpy(np.floor(draws[6:9] * 256)).to(image)[:, None, None]
    elif kind == 1:
        generator = torch.Generator(image.device).manual_seed(int(draws[11] * SEEDS))
        region[:] = torch.randint(
            0, 256, region.shape, generator=generator, device=image.device
        ).to(image)
    else:
        y = int(draws[9] * (image.shape[1] - height + 1))
        x = int(draws[10] * (image.shape[2] - width + 1))
        region[:] = image[:, y : y + h, x : x + w].clone()
