"""Hue, saturation and brightness of a batch."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

HUE_STEPS = 30  # of OpenCV's 180 in a sixth of the circle


def shift_hsv(images: Tensor, gains: Tensor) -> Tensor:
    """Add to hue, saturation and value, in OpenCV's units for 8 bits.

    Args:
        images: [B, 3, h, w] blue, green, red, 0 to 255.
        gains: [B, 3]: steps of 2°, of 1/255, and grey levels.
    """
    hue_gain, saturation_gain, value_gain = gains[:, :, None, None].unbind(1)
    blue, green, red = images.unbind(1)
    top = images.amax(1)
    chroma = top - images.amin(1)
    some = chroma.clamp(min=1e-6)
    sixths = torch.where(
        top == red,
        (green - blue) / some,
        torch.where(top == green, (blue - red) / some + 2, (red - green) / some + 4),
    )
    sixths = sixths + hue_gain / HUE_STEPS
    saturation = (chroma / top.clamp(min=1e-6) + saturation_gain / 255).clamp(0, 1)
    value = (top + value_gain).clamp(0, 255)

    def channel(turn: int) -> Tensor:
        place = (turn + sixths) % 6
        return value * (1 - saturation * torch.minimum(place, 4 - place).clamp(0, 1))

    return torch.stack([channel(1), channel(3), channel(5)], 1)


class BatchHSV:
    """`YOLOXHSVRandomAug` of a batch; arguments are MMPose's."""

    num_draws = 6

    def __init__(
        self, hue_delta: int = 5, saturation_delta: int = 30, value_delta: int = 30
    ) -> None:
        self.deltas = np.array([hue_delta, saturation_delta, value_delta])

    def gains(self, draws: np.ndarray) -> np.ndarray:
        """[B, 3], whole numbers; each is 0 in half of the faces."""
        return np.trunc((2 * draws[:, :3] - 1) * self.deltas) * (draws[:, 3:] >= 0.5)

    def __call__(self, images: Tensor, draws: np.ndarray) -> Tensor:
        """[B, 3, h, w], changed in place."""
        gains = self.gains(draws)
        chosen = np.flatnonzero(gains.any(1))
        if len(chosen):
            given = torch.from_numpy(gains[chosen]).to(images)
            images[chosen] = shift_hsv(images[chosen], given)
        return images
