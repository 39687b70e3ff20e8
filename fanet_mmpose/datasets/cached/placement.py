"""Where the crops of a batch lie in their pictures, and where their points are. NumPy alone."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.special import ndtr, ndtri

from fanet_mmpose.datasets.cached.face_store import FaceStore
from fanet_mmpose.errors import UserError


@dataclass(frozen=True)
class Placement:
    """B faces, as MMPose's transforms move them; px of the picture, mirrored where `flipped`.

    Attributes:
        widths: [B] of the pictures.
        centers: [B, 2] of the boxes.
        scales: [B, 2] their widths and heights.
        rotations: [B] degrees.
        flipped: [B] bool.
        keypoints: [B, K, 2].
        visible: [B, K].
        weights: [B, K] or None.
        flip_indices: [K] of each point, the one that it becomes in the mirror.
    """

    widths: np.ndarray
    centers: np.ndarray
    scales: np.ndarray
    rotations: np.ndarray
    flipped: np.ndarray
    keypoints: np.ndarray
    visible: np.ndarray
    weights: np.ndarray | None
    flip_indices: tuple[int, ...]

    def matrices(self, size: tuple[int, int]) -> np.ndarray:
        """[B, 2, 3] from px of the mirrored picture to px of a crop of `size` (width, height).

        MMPose's `TopdownAffine` without UDP: the box's middle at (width / 2, height / 2).
        """
        width, height = size
        side = np.maximum(self.scales[:, 0], self.scales[:, 1] * width / height)
        angle = np.deg2rad(self.rotations)
        cosine, sine = np.cos(angle) * width / side, np.sin(angle) * width / side
        x, y = self.centers.T
        rows = (cosine, sine, width / 2 - cosine * x - sine * y,
                -sine, cosine, height / 2 + sine * x - cosine * y)  # fmt: skip
        return np.stack(rows, -1).reshape(-1, 2, 3)

    def from_pictures(self, matrices: np.ndarray) -> np.ndarray:
        """`matrices` [B, 2, 3] preceded by the mirror: from px of the pictures as they are."""
        mirrored = matrices.copy()
        mirrored[:, :, 2] += matrices[:, :, 0] * (self.widths - 1)[:, None]
        mirrored[:, :, 0] *= -1
        return np.where(self.flipped[:, None, None], mirrored, matrices)

    def points_in(self, matrices: np.ndarray) -> np.ndarray:
        """[B, K, 2] px of the crops."""
        return self.keypoints @ matrices[:, :, :2].swapaxes(1, 2) + matrices[:, None, :, 2]


def place(faces: FaceStore, index: np.ndarray) -> Placement:
    """Faces as they are annotated."""

    def take(values) -> np.ndarray:
        return values.numpy()[index].astype(np.float64)

    return Placement(
        widths=take(faces.sizes)[:, 0],
        centers=take(faces.centers),
        scales=take(faces.scales),
        rotations=np.zeros(len(index)),
        flipped=np.zeros(len(index), bool),
        keypoints=take(faces.keypoints),
        visible=take(faces.visible),
        weights=None if faces.weights is None else take(faces.weights),
        flip_indices=faces.flip_indices,
    )


class BatchFlip:
    """`RandomFlip(direction='horizontal')` of a batch."""

    num_draws = 1

    def __init__(self, prob: float = 0.5, direction: str = 'horizontal') -> None:
        if direction != 'horizontal' or not isinstance(prob, float):
            raise UserError('CachedFaces: RandomFlip must be horizontal, with one `prob`')
        self.prob = prob

    def __call__(self, faces: Placement, draws: np.ndarray) -> Placement:
        """Mirror the chosen faces; each point takes the name of its mirror image."""
        chosen = draws[:, 0] < self.prob

        def mirrored(points: np.ndarray) -> np.ndarray:
            last = (faces.widths - 1).reshape(-1, *[1] * (points.ndim - 2))
            return np.stack([last - points[..., 0], points[..., 1]], -1)

        def choose(new: np.ndarray, old: np.ndarray) -> np.ndarray:
            return np.where(chosen.reshape(-1, *[1] * (old.ndim - 1)), new, old)

        order, weights = list(faces.flip_indices), faces.weights
        return replace(
            faces,
            flipped=chosen,
            centers=choose(mirrored(faces.centers), faces.centers),
            keypoints=choose(mirrored(faces.keypoints)[:, order], faces.keypoints),
            visible=choose(faces.visible[:, order], faces.visible),
            weights=None if weights is None else choose(weights[:, order], weights),
        )


def truncated_normal(uniform: np.ndarray) -> np.ndarray:
    """Uniform numbers in [0, 1) as standard normal ones between -1 and 1, which MMPose draws."""
    low, high = ndtr([-1.0, 1.0])
    return ndtri(low + uniform * (high - low))


class BatchBoxTransform:
    """`RandomBBoxTransform` of a batch; arguments are MMPose's."""

    num_draws = 7

    def __init__(
        self,
        shift_factor: float = 0.16,
        shift_prob: float = 0.3,
        scale_factor: tuple[float, float] = (0.5, 1.5),
        scale_prob: float = 1.0,
        rotate_factor: float = 80.0,
        rotate_prob: float = 0.6,
    ) -> None:
        self.shift_factor, self.shift_prob = shift_factor, shift_prob
        self.scale_factor, self.scale_prob = scale_factor, scale_prob
        self.rotate_factor, self.rotate_prob = rotate_factor, rotate_prob

    def __call__(self, faces: Placement, draws: np.ndarray) -> Placement:
        """Shift, scale and turn the boxes."""
        amounts, chances = truncated_normal(draws[:, :4]), draws[:, 4:]
        low, high = self.scale_factor
        shift = np.where(chances[:, :1] < self.shift_prob, amounts[:, :2] * self.shift_factor, 0)
        scale = amounts[:, 2:3] * (high - low) / 2 + (high + low) / 2
        scale = np.where(chances[:, 1:2] < self.scale_prob, scale, 1)
        turn = np.where(chances[:, 2] < self.rotate_prob, amounts[:, 3] * self.rotate_factor, 0)
        return replace(
            faces,
            centers=faces.centers + shift * faces.scales,
            scales=faces.scales * scale,
            rotations=turn,
        )
