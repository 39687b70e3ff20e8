"""Pinhole cameras, as OpenCV has them: x right, y down, z away from the camera, no distortion."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fanet_mmpose.errors import UserError

OFF = ([0, 1, 2, 2, 2], [1, 0, 0, 1, 2])  # of a camera's matrix: zeros, and the one


def as_numbers(values: object) -> np.ndarray | None:
    """An array of numbers; None where they are none."""
    try:
        return np.asarray(values, float)
    except (TypeError, ValueError):
        return None


@dataclass(frozen=True)
class Camera:
    """A camera without lens distortion.

    Attributes:
        focal: focal length, px (square pixels).
        center: x, y of the principal point, px; pixel centres at integers.

    Raises:
        UserError: a number is not finite, or the focal length is not positive.
    """

    focal: float
    center: tuple[float, float]

    def __post_init__(self) -> None:
        numbers = as_numbers([self.focal, *np.ravel(self.center)])
        if np.shape(numbers) != (3,) or not np.isfinite(numbers).all() or numbers[0] <= 0:
            raise UserError(
                f'camera: focal length {self.focal} and centre {self.center} make no camera: '
                'give a positive length and x, y, in pixels'
            )

    @classmethod
    def from_size(cls, width: int, height: int, fov: float = 60.0) -> Camera:
        """A camera of a picture: `fov` is the angle of view across the longer side, degrees.

        Raises:
            UserError: the size is none, or the angle is not between 0 and 180.
        """
        if min(width, height) < 1 or not 0 < fov < 180:
            raise UserError(f'camera: {width}×{height} px seen under {fov} degrees is no picture')
        focal = max(width, height) / 2 / np.tan(np.deg2rad(fov) / 2)
        return cls(float(focal), ((width - 1) / 2, (height - 1) / 2))

    @classmethod
    def from_matrix(cls, matrix: np.ndarray) -> Camera:
        """From OpenCV's 3×3 matrix; its two focal lengths may differ by at most 1 %.

        Raises:
            UserError: it is none.
        """
        matrix = as_numbers(matrix)
        is_finite = np.shape(matrix) == (3, 3) and np.isfinite(matrix).all()
        if not is_finite or not np.allclose(matrix[OFF], [0, 0, 0, 0, 1], atol=1e-6):
            raise UserError(
                "camera: give a Camera or OpenCV's 3×3 matrix, fx 0 cx / 0 fy cy / 0 0 1, px"
            )
        if not np.isclose(matrix[0, 0], matrix[1, 1], rtol=0.01):
            raise UserError(
                f'camera: fx {matrix[0, 0]:g} and fy {matrix[1, 1]:g} differ by more than 1 %: '
                'resample the picture to square pixels'
            )
        return cls(float(matrix[[0, 1], [0, 1]].mean()), tuple(matrix[:2, 2].tolist()))

    @property
    def matrix(self) -> np.ndarray:
        """[3, 3], as OpenCV's functions take it."""
        x, y = self.center
        return np.array([[self.focal, 0, x], [0, self.focal, y], [0, 0, 1]])

    def project(self, points: np.ndarray) -> np.ndarray:
        """Pixels [N, 2] of points [N, 3] in the camera's axes."""
        return self.focal * points[:, :2] / points[:, 2:] + np.array(self.center)
