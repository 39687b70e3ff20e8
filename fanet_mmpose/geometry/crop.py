"""From a face's box to the network's crop and back, as MMPose does it, in NumPy and OpenCV.

Boxes are `[x1, y1, x2, y2]` px. Pixel centres lie at integers, the first at 0. MMPose's
`GetBBoxCenterScale` and `TopdownAffine` put the middle of the box at (width / 2, height / 2) of
the crop; these formulas do the same, and their test compares both.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np

PADDING = 1.25  # box -> crop; MMPose's default
# Bilinear sampling skips pixels beyond a factor of two and training saw no more than that; from
# twice that on, the picture is shrunk by averaging first.
SHRINK_FROM = 4.0
LARGEST_SIDE = 32_000  # of a picture that OpenCV can warp, px


def crop_matrix(
    box: np.ndarray, size: tuple[int, int], padding: float = PADDING, roll: float = 0.0
) -> np.ndarray:
    """Affine map [2, 3] from pixels of the image to pixels of the crop.

    Args:
        box: [4] x1, y1, x2, y2, px of the image; may leave it.
        size: width and height of the crop, px.
        padding: size of the crop over size of the box.
        roll: by which the box is turned about its middle, degrees clockwise (`geometry.roll`);
            the crop shows it upright.

    The crop keeps the aspect ratio of faces: the shorter side of the box is widened.
    """
    x1, y1, x2, y2 = np.asarray(box, float).tolist()
    width, height = size
    scale = 1 / (padding * max((x2 - x1) / width, (y2 - y1) / height, 1e-6))
    cosine, sine = scale * math.cos(math.radians(roll)), scale * math.sin(math.radians(roll))
    x, y = (x1 + x2) / 2, (y1 + y2) / 2
    return np.array(
        [
            [cosine, sine, width / 2 - cosine * x - sine * y],
            [-sine, cosine, height / 2 + sine * x - cosine * y],
        ]
    )


def matrix_scale(matrix: np.ndarray) -> float:
    """How much a map [2, 3] of `crop_matrix`, or its inverse, enlarges."""
    return math.hypot(matrix[0, 0], matrix[1, 0])


def transform_points(points: np.ndarray, matrix: np.ndarray) -> np.ndarray:
    """Points [..., 2] through an affine map [2, 3]."""
    return points @ matrix[:, :2].T + matrix[:, 2]


def invert(matrix: np.ndarray) -> np.ndarray:
    """The inverse [2, 3] of an affine map: from pixels of the crop to pixels of the image.

    As `cv2.invertAffineTransform`: of zeros where there is none.
    """
    (a, b, x), (c, d, y) = matrix.tolist()
    determinant = a * d - b * c
    share = 1 / determinant if determinant else 0.0
    a, b, c, d = d * share, -b * share, -c * share, a * share
    return np.array([[a, b, -a * x - b * y], [c, d, -c * x - d * y]])


def crop_image(image: np.ndarray, matrix: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """Sample the crop [height, width, C]; black outside the image [H, W, C].

    Large faces are averaged down first (`SHRINK_FROM`); MMPose samples them with gaps.
    """
    shrink = 1 / matrix_scale(matrix)
    factor = int(shrink / 2) if shrink >= SHRINK_FROM else 1
    if factor > 1 or max(image.shape[:2]) > LARGEST_SIDE:
        image, matrix = _shrink_surroundings(image, matrix, size, factor)
    if not image.size:
        return np.zeros((size[1], size[0], *image.shape[2:]), image.dtype)
    return cv2.warpAffine(image, matrix, size, flags=cv2.INTER_LINEAR)


def _shrink_surroundings(
    image: np.ndarray, matrix: np.ndarray, size: tuple[int, int], factor: int
) -> tuple[np.ndarray, np.ndarray]:
    """The part of the image that the crop sees, `factor` times smaller, and the map from there."""
    width, height = size
    ends = np.array([[-1, -1], [width, -1], [width, height], [-1, height]], float)
    corners = transform_points(ends, invert(matrix))
    limits = np.array(image.shape[1::-1])
    low = np.clip(np.floor(corners.min(0)).astype(int) - factor, 0, limits)
    high = np.clip(np.ceil(corners.max(0)).astype(int) + factor, low, limits)
    count = (high - low) // factor  # whole blocks of factor×factor px
    high = low + count * factor
    part = image[low[1] : high[1], low[0] : high[0]]
    if part.size and factor > 1:
        part = cv2.resize(part, tuple(int(n) for n in count), interpolation=cv2.INTER_AREA)
    # Pixel p of the shrunk part is the mean of a block with its middle at low + p·f + (f-1)/2.
    there = matrix.copy()
    there[:, :2] *= factor
    there[:, 2] = transform_points(low + (factor - 1) / 2, matrix)
    return part, there


@dataclass(frozen=True)
class CropMap:
    """A window of the photograph, cut and resized; pixel centres lie at integers.

    Attributes:
        x, y: first column and row of the window.
        width, height: its pixels.
        target_width, target_height: pixels of the crop.
    """

    x: int
    y: int
    width: int
    height: int
    target_width: int
    target_height: int

    @property
    def scale(self) -> np.ndarray:
        """[2] crop pixels per photograph pixel; x and y differ by rounding to whole pixels."""
        return np.array([self.target_width / self.width, self.target_height / self.height])

    def apply(self, points: np.ndarray) -> np.ndarray:
        """[..., 2] points of the photograph in the crop."""
        return (points - [self.x, self.y] + 0.5) * self.scale - 0.5

    def invert(self, points: np.ndarray) -> np.ndarray:
        """[..., 2] points of the crop in the photograph."""
        return (points + 0.5) / self.scale - 0.5 + [self.x, self.y]

    def cut(self, image: np.ndarray) -> np.ndarray:
        """The window of a photograph [H, W, 3] as [target_height, target_width, 3], averaged."""
        window = image[self.y : self.y + self.height, self.x : self.x + self.width]
        target = (self.target_width, self.target_height)
        return cv2.resize(window, target, interpolation=cv2.INTER_AREA)
