"""A fixed bank of noise pictures, so that drawing a face costs no new noise."""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np

_SIZE = 512
_OCTAVES = (4, 8, 16, 32, 64, 128)


@cache
def _bank() -> np.ndarray:
    """Wrapping noise pictures [octave, 3, _SIZE, _SIZE], float32, zero mean, unit variance."""
    rng = np.random.default_rng(20)
    pictures = []
    for cells in _OCTAVES:
        coarse = np.pad(rng.normal(size=(cells, cells, 3)).astype(np.float32),
                        ((3, 3), (3, 3), (0, 0)), mode='wrap')  # fmt: skip
        step = _SIZE // cells
        fine = cv2.resize(coarse, None, fx=step, fy=step, interpolation=cv2.INTER_CUBIC)
        fine = fine[3 * step : -3 * step, 3 * step : -3 * step]
        pictures.append((fine / fine.std()).transpose(2, 0, 1))
    return np.stack(pictures)


def noise(
    rng: np.random.Generator, height: int, width: int, gains: tuple[float, ...]
) -> np.ndarray:
    """Random smooth noise [height, width], float32.

    Args:
        rng: chooses the patch.
        height: at most 512.
        width: at most 512.
        gains: standard deviation of each octave; the first has cells of 128 px, each next half.
    """
    result = np.zeros((height, width), dtype=np.float32)
    for octave, gain in enumerate(gains):
        if gain:
            picture = _bank()[octave, rng.integers(3)]
            top, left = rng.integers(0, _SIZE - height + 1), rng.integers(0, _SIZE - width + 1)
            result += gain * picture[top : top + height, left : left + width]
    return result
