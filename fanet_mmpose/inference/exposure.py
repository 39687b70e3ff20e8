"""Under-exposed pictures: the same picture with its light stretched.

Detector and network see next to nothing in the lowest few grey values. Over-exposed pictures have
nothing left to stretch: darker, they show no further face.
"""

from __future__ import annotations

import cv2
import numpy as np

DARK = 64  # grey value below which nearly all of an under-exposed picture lies
BRIGHT = 235  # grey value to which that is stretched
SHARE = 99  # per cent of the pixels that are nearly all: lamps and reflections may be bright
STEP = 4  # px; every pixel is not needed to tell


def brightened(image: np.ndarray) -> np.ndarray | None:
    """An under-exposed picture, uint8 [H, W, 3], made brighter; None for others and black ones."""
    sample = image[::STEP, ::STEP]
    high = float(np.percentile(sample.max(axis=2), SHARE)) if sample.size else 0.0
    return cv2.convertScaleAbs(image, alpha=BRIGHT / high) if 0 < high < DARK else None
