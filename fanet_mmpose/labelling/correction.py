"""Bring points that a machine drew to the convention of people's points: a linear map.

A network that was trained on another set marks other places, and by how much depends on little but
the shape of the face. A regression on faces that have both tells it; for other faces it is then
taken away. Faces are compared in the frame of the mean shape (Procrustes), not on the line of the
eyes, which a profile does not show.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fanet_mmpose.errors import UserError
from fanet_mmpose.geometry.similarity import (
    apply_similarity,
    fit_similarity,
    similarity_scale,
    undo_similarity,
)

LEAST_FACES = 50  # for the regression to mean anything
FARTHEST = 3.0  # standard deviations; stranger shapes are treated as this strange


def mean_shape(points: np.ndarray, eyes: tuple[int, int], rounds: int = 3) -> np.ndarray:
    """Mean of faces [N, K, 2], centred, upright, outer eye corners one unit apart: [K, 2]."""
    shape = points[0] - points[0].mean(0)
    for _ in range(rounds):
        shape = apply_similarity(fit_similarity(points, shape), points).mean(0)
        axis = shape[eyes[1]] - shape[eyes[0]]
        x, y = axis / (axis @ axis)
        shape = (shape - shape.mean(0)) @ np.array([[x, -y], [y, x]])
    return shape


@dataclass(frozen=True)
class Correction:
    """What a machine's points lack to be people's.

    Attributes:
        shape: [K, 2], mean of the machine's shapes; its outer eye corners are one unit apart.
        axes: [C, 2K], principal components of these shapes.
        spread: [C], their standard deviations.
        weights: [C + 1, 2K], of a constant and the components.
    """

    shape: np.ndarray
    axes: np.ndarray
    spread: np.ndarray
    weights: np.ndarray

    def frames(self, points: np.ndarray) -> np.ndarray:
        """Poses [N, 4] (`geometry.similarity`) from px to the shape's frame, of faces [N, K, 2]."""
        return fit_similarity(points, self.shape)

    def eye_distances(self, points: np.ndarray) -> np.ndarray:
        """[N] px that the shape's unit, the outer eye distance, is long in faces [N, K, 2]."""
        return 1 / similarity_scale(self.frames(points))

    def __call__(self, points: np.ndarray) -> np.ndarray:
        """The machine's points [N, K, 2] px where people would put them."""
        frames = self.frames(points)
        inside = apply_similarity(frames, points)
        moved = _cues(inside, self.shape, self.axes, self.spread) @ self.weights
        return undo_similarity(frames, inside + moved.reshape(inside.shape))


def fit_correction(
    machine: np.ndarray, people: np.ndarray, eyes: tuple[int, int], cues: int = 20
) -> Correction:
    """Learn it from faces that have both.

    Args:
        machine: [N, K, 2] px, as the machine drew them, in the order of people's points.
        people: [N, K, 2] px.
        eyes: outer corners, image-left first.
        cues: principal components of the shape that the correction may depend on.

    Raises:
        UserError: fewer than `LEAST_FACES` faces.
    """
    if len(machine) < LEAST_FACES:
        raise UserError(f'{len(machine)} faces have both labels, and {LEAST_FACES} are needed')
    shape = mean_shape(machine, eyes)
    frames = fit_similarity(machine, shape)
    inside = apply_similarity(frames, machine)
    _, sizes, axes = np.linalg.svd((inside - shape).reshape(len(inside), -1), full_matrices=False)
    spread = sizes[:cues] / np.sqrt(len(inside))
    axes = axes[:cues]
    known = _cues(inside, shape, axes, spread)
    lacking = (apply_similarity(frames, people) - inside).reshape(len(inside), -1)
    weights = np.linalg.lstsq(known, lacking, rcond=None)[0]
    return Correction(shape, axes, spread, weights)


def _cues(
    inside: np.ndarray, shape: np.ndarray, axes: np.ndarray, spread: np.ndarray
) -> np.ndarray:
    """A constant and the components, in standard deviations and bounded: [N, C + 1]."""
    components = (inside - shape).reshape(len(inside), -1) @ axes.T / spread
    bounded = np.clip(components, -FARTHEST, FARTHEST)
    return np.hstack([np.ones((len(inside), 1)), bounded])
