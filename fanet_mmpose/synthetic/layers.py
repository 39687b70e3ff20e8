"""Fast painting on float32 pictures [H, W, 3]: OpenCV's fused loops instead of broadcasting."""

from __future__ import annotations

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
