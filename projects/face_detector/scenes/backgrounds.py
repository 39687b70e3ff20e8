"""Pictures without faces: drawn backdrops, photographs of things, and what surrounds a face."""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np

from fanet_mmpose.errors import UserError
from fanet_mmpose.geometry.boxes import tight_box
from fanet_mmpose.synthetic.backdrop import draw_backdrop
from projects.face_detector.scenes.face_sources import FacePicture

# Of scikit-image's wheel, so nothing is downloaded; none has a face in it.
THINGS = (
    'brick', 'chelsea', 'clock', 'coffee', 'coins', 'grass', 'gravel', 'hubble_deep_field',
    'immunohistochemistry', 'moon', 'page', 'rocket', 'text',
)  # fmt: skip
SMALLEST_PIECE = 20  # px; a smaller piece of a picture shows nothing
# Room round the tight box of the points that still belongs to the face, in sides of the box.
FACE_MARGIN = 0.12


@cache
def photographs() -> tuple[np.ndarray, ...]:
    """Photographs of things, uint8 [H, W, 3], blue first.

    Raises:
        UserError: scikit-image is not installed.
    """
    try:
        from skimage import data
    except ImportError as error:
        raise UserError('scenes need scikit-image for backgrounds: pip install it') from error
    return tuple(_blue_first(getattr(data, name)()) for name in THINGS)


def _blue_first(image: np.ndarray) -> np.ndarray:
    code = cv2.COLOR_GRAY2BGR if image.ndim == 2 else cv2.COLOR_RGB2BGR
    return cv2.cvtColor(image, code)


def backdrop(rng: np.random.Generator, size: int) -> np.ndarray:
    """A drawn one, uint8 [size, size, 3]."""
    return cv2.convertScaleAbs(cv2.sqrt(draw_backdrop(rng, size)), alpha=255)


def piece(rng: np.random.Generator, image: np.ndarray, size: int) -> np.ndarray:
    """A random part of a picture [H, W, 3], perhaps mirrored, enlarged to [size, size, 3]."""
    low = min(SMALLEST_PIECE, *image.shape[:2])
    height, width = (int(rng.integers(low, side + 1)) for side in image.shape[:2])
    top = int(rng.integers(image.shape[0] - height + 1))
    left = int(rng.integers(image.shape[1] - width + 1))
    part = image[top : top + height, left : left + width]
    if rng.random() < 0.5:
        part = part[:, ::-1]
    shrinks = max(part.shape[:2]) > size
    return cv2.resize(part, (size, size), interpolation=cv2.INTER_AREA if shrinks else 1)


def beside_face(rng: np.random.Generator, face: FacePicture) -> np.ndarray | None:
    """What lies left of, right of or below a face: hair, ears, shoulders, walls.

    None if the picture has no room there.
    """
    height, width = face.image.shape[:2]
    low, high = tight_box(face.points).reshape(2, 2)
    margin = FACE_MARGIN * (high - low).max()
    left, right = int(low[0] - margin), int(high[0] + margin)
    below = int(high[1] + margin)
    sides = [
        face.image[:, : max(left, 0)],
        face.image[:, min(right, width) :],
        face.image[min(below, height) :],
    ]
    roomy = [side for side in sides if min(side.shape[:2]) >= SMALLEST_PIECE]
    return roomy[int(rng.integers(len(roomy)))] if roomy else None


def background(rng: np.random.Generator, face: FacePicture, size: int) -> np.ndarray:
    """Something without a face, uint8 [size, size, 3]: drawn, photographed, or beside `face`."""
    kind = rng.choice(['drawn', 'photograph', 'beside'], p=[0.35, 0.25, 0.4])
    beside = beside_face(rng, face) if kind == 'beside' else None
    if beside is not None:
        return piece(rng, beside, size)
    if kind == 'photograph':
        known = photographs()
        return piece(rng, known[int(rng.integers(len(known)))], size)
    return backdrop(rng, size)
