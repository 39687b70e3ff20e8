"""The upright crop of fixed size that face-recognition networks take."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from fanet_mmpose.errors import UserError
from fanet_mmpose.geometry.crop import invert, transform_points
from fanet_mmpose.geometry.similarity import fit_similarity

# Eyes (image-left first), tip of the nose, corners of the mouth, px of a square of this size.
# arcface: Deng et al., "ArcFace", CVPR 2019, the five points of insightface's `face_align`.
TEMPLATES: dict[str, tuple[int, np.ndarray]] = {
    'arcface': (
        112,
        np.array([[38.2946, 51.6963], [73.5318, 51.5014], [56.0252, 71.7366],
                  [41.5493, 92.3655], [70.7299, 92.2041]]),
    ),
}  # fmt: skip


MIN_SIZE, MAX_SIZE = 8, 4096  # px of a crop
MAX_FINER = 32  # a face of 32 crop sizes is sampled without gaps


@dataclass(frozen=True, eq=False)
class FaceAlignment:
    """Where a face lies in its aligned crop.

    Attributes:
        matrix: [2, 3], pixels of the picture to pixels of the crop: turn, size, shift.
        size: width and height of the crop, px.
    """

    matrix: np.ndarray
    size: int

    def crop(self, image: np.ndarray) -> np.ndarray:
        """The crop [size, size, C] of a picture [H, W, C]; black outside of it.

        A larger face is sampled finely and averaged down, so that no pixel is skipped.

        Raises:
            UserError: it is no array of pixels.
        """
        if not isinstance(image, np.ndarray) or image.ndim not in (2, 3) or not image.size:
            raise UserError('the crop of a face is cut from an array [H, W, C], not from a file')
        scale = float(np.hypot(*self.matrix[:, 0]))
        finer = int(np.clip(round(1 / scale), 1, MAX_FINER)) if scale > 0 else 1
        matrix = finer * self.matrix
        matrix[:, 2] += (finer - 1) / 2
        side = self.size * finer
        large = cv2.warpAffine(image, matrix, (side, side), flags=cv2.INTER_LINEAR)
        return cv2.resize(large, (self.size, self.size), interpolation=cv2.INTER_AREA)

    def to_crop(self, points: np.ndarray) -> np.ndarray:
        """Points [..., 2] from pixels of the picture to pixels of the crop."""
        return transform_points(np.asarray(points, float), self.matrix)

    def to_image(self, points: np.ndarray) -> np.ndarray:
        """The inverse of `to_crop`."""
        return transform_points(np.asarray(points, float), invert(self.matrix))


def align_face(points: np.ndarray, size: int = 112, template: str = 'arcface') -> FaceAlignment:
    """The similarity that lays five points on a template with the least squared distance.

    Args:
        points: [5, 2] px: eyes, tip of the nose, corners of the mouth, image-left first.
        size: of the crop, px; the template is scaled to it, pixel centres at integers.
        template: one of `TEMPLATES`.

    Raises:
        UserError: unknown template, a size out of 8 to 4096, or points that coincide.
    """
    target = scaled_template(template, size)
    points = np.asarray(points, float)
    if not np.isfinite(points).all() or np.ptp(points, axis=0).max() < 1e-6:
        raise UserError('a face whose five points coincide cannot be aligned')
    a, b, x, y = fit_similarity(points, target)
    return FaceAlignment(np.array([[a, -b, x], [b, a, y]]), int(size))


def scaled_template(template: str, size: int) -> np.ndarray:
    """The five points [5, 2] px of a template in a crop of `size` px.

    Raises:
        UserError: unknown template, or a size out of 8 to 4096.
    """
    if template not in TEMPLATES:
        raise UserError(f'unknown template {template!r}; one of {", ".join(TEMPLATES)}')
    if not isinstance(size, int | np.integer) or not MIN_SIZE <= size <= MAX_SIZE:
        raise UserError(
            f'size {size!r} of an aligned face: give a whole number of {MIN_SIZE} to {MAX_SIZE} px'
        )
    side, target = TEMPLATES[template]
    return (target + 0.5) * size / side - 0.5


def align_faces(
    image: np.ndarray, alignments: Sequence[FaceAlignment] | Iterable[FaceAlignment]
) -> np.ndarray:
    """The crops of several faces of one picture as a batch [N, size, size, C].

    Raises:
        UserError: there is none, or their sizes differ.
    """
    alignments = list(alignments)
    if len({alignment.size for alignment in alignments}) != 1:
        raise UserError('a batch of aligned faces needs at least one, and all of the same size')
    return np.stack([alignment.crop(image) for alignment in alignments])
