"""A fixed bank of noise pictures, so that drawing a face costs no new noise."""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np

BANK_SIZE = 640
_OCTAVES = (5, 10, 20, 40, 80, 160)
# Strength of each octave; the first has cells of 128 px, each next half of that.
_KINDS: dict[str, tuple[float, ...]] = {
    'clouds': (1.0, 0.7, 0.35, 0.15, 0, 0),
    'blotches': (0.5, 0.8, 1.0, 0.5, 0.2, 0),
    'skin': (0.5, 0.6, 0.6, 0.4, 0.4, 0.8),
    'grain': (0, 0.1, 0.2, 0.4, 0.8, 1.0),
    'rough': (0.8, 0.8, 0.8, 0.8, 0.8, 0.8),
    'strands': (0.2, 0.3, 0.4, 0.6, 0.8, 1.0),
    'white': (),
}
_VARIANTS = 3


def _octave(rng: np.random.Generator, cells: int) -> np.ndarray:
    coarse = rng.normal(size=(cells + 6, cells + 6)).astype(np.float32)
    step = BANK_SIZE // cells
    fine = cv2.resize(coarse, None, fx=step, fy=step, interpolation=cv2.INTER_CUBIC)
    fine = fine[3 * step : -3 * step, 3 * step : -3 * step]
    return fine / fine.std()


def _picture(rng: np.random.Generator, kind: str) -> np.ndarray:
    if kind == 'white':
        return rng.normal(size=(BANK_SIZE, BANK_SIZE)).astype(np.float32)
    octaves = zip(_OCTAVES, _KINDS[kind], strict=True)
    picture = sum(gain * _octave(rng, cells) for cells, gain in octaves if gain)
    if kind == 'strands':
        picture = cv2.resize(picture[:80], (BANK_SIZE, BANK_SIZE), interpolation=cv2.INTER_CUBIC)
    return picture / picture.std()


@cache
def _bank(kind: str) -> tuple[np.ndarray, ...]:
    rng = np.random.default_rng(list(_KINDS).index(kind))
    return tuple(_picture(rng, kind) for _ in range(_VARIANTS))


def noise(rng: np.random.Generator, kind: str, height: int, width: int) -> np.ndarray:
    """A random patch [height, width], float32, mean about 0, variance about 1. Read only.

    Args:
        rng: chooses the patch.
        kind: 'clouds' and 'blotches' are smooth, 'skin', 'rough' and 'grain' fine, 'white' has no
            smoothness, 'strands' run down the picture.
        height: at most `BANK_SIZE`.
        width: at most `BANK_SIZE`.
    """
    picture = _bank(kind)[rng.integers(_VARIANTS)]
    top = rng.integers(0, BANK_SIZE - height + 1)
    left = rng.integers(0, BANK_SIZE - width + 1)
    return picture[top : top + height, left : left + width]
