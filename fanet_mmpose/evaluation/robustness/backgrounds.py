"""Pictures without a face: scikit-image's, and parts of scenes that no detector suspects."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import cv2
import numpy as np

from fanet_mmpose.errors import UserError
from fanet_mmpose.inference.detectors import Detector

# Looked at: no face in them, and nothing drawn as one.
NAMES = (
    'brick', 'cat', 'chelsea', 'clock', 'coffee', 'colorwheel', 'grass', 'gravel',
    'hubble_deep_field', 'immunohistochemistry', 'moon', 'page', 'retina', 'rocket', 'text',
)  # fmt: skip
SIDES = (120, 260)  # of a part, px
TRIES = 12
AWAY = 0.5  # of a suspected face's side, kept free round it


def skimage_pictures() -> list[np.ndarray]:
    """Those of `NAMES` that are installed, uint8 [H, W, 3].

    Raises:
        UserError: scikit-image is missing.
    """
    try:
        from skimage import data
    except ImportError as error:
        raise UserError('scikit-image is missing: pip install scikit-image') from error
    pictures = []
    for name in NAMES:
        try:
            picture = np.asarray(getattr(data, name)())
        except Exception:  # some are fetched at first use, which needs a network
            continue
        pictures.append(_as_colour(picture))
    return pictures


def _as_colour(picture: np.ndarray) -> np.ndarray:
    if picture.dtype == bool:
        picture = picture.astype(np.uint8) * 255
    if picture.ndim == 2:
        return cv2.cvtColor(picture, cv2.COLOR_GRAY2BGR)
    return np.ascontiguousarray(picture[..., 2::-1])


def parts_of_scenes(
    scenes: Iterable[tuple[np.ndarray, Sequence[np.ndarray]]],
    suspects: Sequence[Detector],
    seed: int,
) -> Iterator[np.ndarray]:
    """At most one part of each scene, away from every face that is marked or suspected.

    Args:
        scenes: pictures and the boxes [4] of their marked faces.
        suspects: detectors, with low thresholds: all that they see counts as a face.
        seed: of the places.
    """
    rng = np.random.default_rng(seed)
    for image, marked in scenes:
        boxes = [*marked, *(box for detect in suspects for box in detect(image).boxes)]
        for (left, top), side in place_parts(image.shape[:2], boxes, rng):
            yield image[top : top + side, left : left + side].copy()


def place_parts(
    shape: tuple[int, int], boxes: Sequence[np.ndarray], rng: np.random.Generator
) -> Iterator[tuple[np.ndarray, int]]:
    """Left upper corner [2] and side, px, of one square away from all boxes [4]; or nothing.

    Args:
        shape: height and width of the picture.
        boxes: of faces.
        rng: of the place.
    """
    for _ in range(TRIES):
        side = int(rng.integers(*SIDES))
        if side >= min(shape):
            continue
        corner = np.array([rng.integers(length - side) for length in shape[::-1]])
        if not any(_near(corner, side, np.asarray(box)) for box in boxes):
            yield corner, side
            return


def _near(corner: np.ndarray, side: int, box: np.ndarray) -> bool:
    margin = AWAY * (box[2:] - box[:2]).max()
    low, high = np.maximum(corner, box[:2] - margin), np.minimum(corner + side, box[2:] + margin)
    return bool((low < high).all())
