"""What happens to pictures of faces in the wild, one thing at a time and by strength."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import cv2
import numpy as np

from fanet_mmpose.geometry.boxes import tight_box
from fanet_mmpose.geometry.crop import transform_points

Pair = tuple[np.ndarray, np.ndarray]  # uint8 [H, W, 3] blue first, and points [K, 2] px
Apply = Callable[[np.ndarray, np.ndarray, float, np.random.Generator], Pair]


@dataclass(frozen=True)
class Distortion:
    """One kind.

    Attributes:
        unit: of the levels, for the axis.
        levels: strengths, the first of them harmless.
        apply: (picture, points, level, generator) -> picture and points.
    """

    unit: str
    levels: tuple[float, ...]
    apply: Apply


def side_of(points: np.ndarray) -> float:
    """Longer side of the tight box of points [K, 2], px."""
    box = tight_box(points)
    return float((box[2:] - box[:2]).max())


def turn(image: np.ndarray, points: np.ndarray, level: float, _: np.random.Generator) -> Pair:
    """Turned clockwise by `level` degrees, nothing cut off, black outside."""
    height, width = image.shape[:2]
    side = int(np.ceil(np.hypot(height, width)))
    matrix = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), -level, 1)
    matrix[:, 2] += (side - width) / 2, (side - height) / 2
    return cv2.warpAffine(image, matrix, (side, side)), transform_points(points, matrix)


def cover(image: np.ndarray, points: np.ndarray, level: float, rng: np.random.Generator) -> Pair:
    """A patch of one colour over a share `level` of the tight box, somewhere on it."""
    low, high = tight_box(points).reshape(2, 2)
    half = np.sqrt(level) * (high - low) / 2
    middle = rng.uniform(low + half, high - half)
    (x1, y1), (x2, y2) = (middle - half).astype(int), (middle + half).astype(int)
    image = image.copy()
    if level:
        cv2.rectangle(image, (x1, y1), (x2, y2), rng.integers(0, 256, 3).tolist(), -1)
    return image, points


def blur(image: np.ndarray, points: np.ndarray, level: float, _: np.random.Generator) -> Pair:
    """Gaussian of a sigma of `level` % of the face's side."""
    sigma = level / 100 * side_of(points)
    return cv2.GaussianBlur(image, (0, 0), sigma) if sigma else image, points


def noise(image: np.ndarray, points: np.ndarray, level: float, rng: np.random.Generator) -> Pair:
    """Gaussian of a sigma of `level` grey values."""
    return _bytes(image + rng.normal(0, level, image.shape)), points


def darken(image: np.ndarray, points: np.ndarray, level: float, rng: np.random.Generator) -> Pair:
    """`level` times the light, with a sensor's noise of 2 grey values."""
    return _bytes(image * level + rng.normal(0, 2, image.shape)), points


def over_expose(
    image: np.ndarray, points: np.ndarray, level: float, _: np.random.Generator
) -> Pair:
    """`level` times the light, cut off at white."""
    return _bytes(image * float(level)), points  # a whole number would wrap bytes round


def compress(image: np.ndarray, points: np.ndarray, level: float, _: np.random.Generator) -> Pair:
    """JPEG of quality `level`."""
    encoded = cv2.imencode('.jpg', image, [cv2.IMWRITE_JPEG_QUALITY, int(level)])[1]
    return cv2.imdecode(encoded, cv2.IMREAD_COLOR), points


def resize(image: np.ndarray, points: np.ndarray, level: float, _: np.random.Generator) -> Pair:
    """The whole picture scaled so that the face's side is `level` px."""
    return _scaled(image, points, np.full(2, level / side_of(points)))


def squeeze(image: np.ndarray, points: np.ndarray, level: float, _: np.random.Generator) -> Pair:
    """`level` times as wide."""
    return _scaled(image, points, np.array([level, 1.0]))


def cut(image: np.ndarray, points: np.ndarray, level: float, rng: np.random.Generator) -> Pair:
    """The picture's border cuts a share `level` off the face's box, on a side of chance."""
    low, high = tight_box(points).reshape(2, 2)
    axis, far = rng.integers(2), rng.integers(2)
    start, end = np.zeros(2, int), np.array(image.shape[1::-1])
    edge = (high - level * (high - low) if far else low + level * (high - low))[axis]
    (end if far else start)[axis] = np.clip(edge, 1, image.shape[1 - axis] - 1)
    return image[start[1] : end[1], start[0] : end[0]].copy(), points - start


def grey(image: np.ndarray, points: np.ndarray, level: float, _: np.random.Generator) -> Pair:
    """A share `level` of the colour taken away."""
    plain = cv2.cvtColor(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR)
    return _bytes(image * (1 - level) + plain * float(level)), points


def _bytes(values: np.ndarray) -> np.ndarray:
    return np.rint(values).clip(0, 255).astype(np.uint8)


def _scaled(image: np.ndarray, points: np.ndarray, factors: np.ndarray) -> Pair:
    size = np.maximum(np.rint(np.array(image.shape[1::-1]) * factors), 1).astype(int)
    exact = size / image.shape[1::-1]
    way = cv2.INTER_AREA if exact.min() < 1 else cv2.INTER_LINEAR
    scaled = cv2.resize(image, tuple(size.tolist()), interpolation=way)
    return scaled, (points + 0.5) * exact - 0.5


DISTORTIONS: Mapping[str, Distortion] = {
    'rotation': Distortion('degrees', tuple(range(0, 360, 15)), turn),
    'occlusion': Distortion('share of the face', (0, 0.1, 0.2, 0.3, 0.4, 0.5), cover),
    'blur': Distortion('sigma, % of the face', (0, 1, 2, 4, 6), blur),
    'noise': Distortion('sigma, grey values', (0, 10, 25, 50, 80), noise),
    'darkness': Distortion('light', (1, 0.5, 0.25, 0.1, 0.05), darken),
    'over-exposure': Distortion('light', (1, 1.5, 2, 3, 5), over_expose),
    'JPEG': Distortion('quality', (95, 50, 20, 10, 5), compress),
    'resolution': Distortion('face, px', (256, 512, 128, 64, 32, 16, 8), resize),
    'border': Distortion('share cut off', (0, 0.1, 0.2, 0.3, 0.4), cut),
    'grey': Distortion('share of colour lost', (0, 1), grey),
    'aspect': Distortion('width', (1, 0.5, 0.7, 1.4, 2), squeeze),
}
