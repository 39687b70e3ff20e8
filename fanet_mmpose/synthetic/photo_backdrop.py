"""Backgrounds cut from photographs of things, all CC0 or in the public domain."""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np

from fanet_mmpose.errors import UserError

# Of scikit-image's wheel, where its documentation states CC0 or the public domain; no people.
NAMES = ('brick', 'chelsea', 'clock', 'coffee', 'grass', 'gravel', 'moon', 'rocket', 'text')
_SMALLEST_PART = 60  # px of the photograph


@cache
def photographs() -> tuple[np.ndarray, ...]:
    """The pictures, uint8 [H, W, 3], blue first.

    Raises:
        UserError: scikit-image is missing.
    """
    try:
        from skimage import data
    except ImportError as error:
        raise UserError(
            'variety "photo" needs scikit-image: pip install scikit-image, or photo=0'
        ) from error
    return tuple(_blue_first(np.asarray(getattr(data, name)())) for name in NAMES)


def _blue_first(image: np.ndarray) -> np.ndarray:
    return cv2.cvtColor(image, cv2.COLOR_GRAY2BGR if image.ndim == 2 else cv2.COLOR_RGB2BGR)


def _part(rng: np.random.Generator, image: np.ndarray, size: int) -> np.ndarray:
    side = int(rng.integers(_SMALLEST_PART, min(image.shape[:2]) + 1))
    top, left = (int(rng.integers(length - side + 1)) for length in image.shape[:2])
    part = image[top : top + side, left : left + side]
    part = np.rot90(part, rng.integers(4)) if rng.random() < 0.3 else part
    part = part[:, ::-1] if rng.random() < 0.5 else part
    how = cv2.INTER_AREA if side > size else cv2.INTER_LINEAR
    return cv2.resize(np.ascontiguousarray(part), (size, size), interpolation=how)


def photo_backdrop(rng: np.random.Generator, size: int) -> np.ndarray:
    """A background [size, size, 3], linear float32 in 0..1: parts of one to three photographs."""
    pictures = photographs()
    picture = _part(rng, pictures[rng.integers(len(pictures))], size).astype(np.float32)
    for _ in range(int(rng.integers(0, 3))):
        other = _part(rng, pictures[rng.integers(len(pictures))], size)
        edge = np.clip(rng.normal(0.5, 0.3, 2) * size, 0, size).astype(int)
        if rng.random() < 0.5:
            picture[edge[0] :] = other[edge[0] :]
        else:
            picture[:, edge[1] :] = other[:, edge[1] :]
    # Other colours of the same things: channels mixed and scaled.
    mix = np.eye(3) + rng.normal(0, 0.25, (3, 3)) * (rng.random() < 0.7)
    picture = cv2.transform(picture / 255, mix * np.exp(rng.normal(-0.1, 0.35)))
    if rng.random() < 0.7:
        picture = cv2.GaussianBlur(picture, (0, 0), rng.uniform(0.6, 7))
    np.clip(picture, 0, 1, out=picture)
    return picture * picture
