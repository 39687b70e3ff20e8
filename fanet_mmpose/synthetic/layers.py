"""Fast painting on float32 pictures [H, W, 3]: OpenCV's fused loops instead of broadcasting.

Whole planes, and soft regions of the atlas to paint through (`Patch`).
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np


def tinted(plane: np.ndarray, colour: np.ndarray) -> np.ndarray:
    """A plane [H, W] in a colour [3]: [H, W, 3]."""
    return cv2.merge([plane * np.float32(channel) for channel in colour])


def shaded(plane: np.ndarray, colour: np.ndarray, contrast: float) -> np.ndarray:
    """A colour [3] with a texture [H, W] of mean 0: [H, W, 3], not negative."""
    return tinted(np.maximum(1 + np.float32(contrast) * plane, 0.1), colour)


def lay_over(picture: np.ndarray, over: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """A colour [3] or a picture [H, W, 3] over another where the mask [H, W] says."""
    if over.ndim == 1:
        over = tinted(np.ones_like(mask), over)
    mask = np.ascontiguousarray(mask, dtype=np.float32)
    return cv2.blendLinear(over.astype(np.float32, copy=False), picture, mask, 1 - mask)


@dataclass(frozen=True)
class Patch:
    """A soft mask, cut to where it is not zero.

    Attributes:
        mask: [h, w] float32 in 0..1.
        window: rows and columns of the atlas that it covers.
    """

    mask: np.ndarray
    window: tuple[slice, slice]

    def blend(
        self, picture: np.ndarray, over: np.ndarray, opacity: float | np.ndarray = 1.0
    ) -> None:
        """Lay a colour [3] or a picture [h, w, 3] over `picture` [H, W, 3], in place."""
        mask = self.mask * np.asarray(opacity, dtype=np.float32)
        picture[self.window] = lay_over(picture[self.window], over, mask)

    def scale(self, picture: np.ndarray, amount: np.ndarray | float) -> None:
        """Multiply `picture` [H, W, 3] or [H, W] by 1 + amount, one or [3], in place."""
        part = picture[self.window]
        if part.ndim == 3:
            amounts = np.broadcast_to(amount, 3)
            part *= cv2.merge([1 + self.mask * np.float32(channel) for channel in amounts])
        else:
            part *= 1 + self.mask * np.float32(amount)

    @property
    def size(self) -> tuple[int, int]:
        """Height and width."""
        return self.mask.shape


def make_patch(mask: np.ndarray) -> Patch:
    """Cut a mask [HEAD_HEIGHT, HEAD_WIDTH] to its support."""
    rows, columns = (np.flatnonzero((mask > 1 / 255).any(axis=axis)) for axis in (1, 0))
    window = slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)
    return Patch(np.ascontiguousarray(mask[window], dtype=np.float32), window)
