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

LEAST_FACES = 50  # for the regression to mean anything
FARTHEST = 3.0  # standard deviations; stranger shapes are treated as this strange


@dataclass(frozen=True)
class Frames:
    """N similarity transforms to the frame of a mean shape.

    Attributes:
        turns: [N, 2, 2], rotation times scale; `p - middles` through it is in the frame.
        middles: [N, 2] px.
    """

    turns: np.ndarray
    middles: np.ndarray

    def enter(self, points: np.ndarray) -> np.ndarray:
        """Points [N, K, 2] px in the frame."""
        return np.einsum('nij,nkj->nki', self.turns, points - self.middles[:, None])

    def leave(self, points: np.ndarray) -> np.ndarray:
        """Points [N, K, 2] of the frame in px."""
        back = np.linalg.inv(self.turns)
        return np.einsum('nij,nkj->nki', back, points) + self.middles[:, None]

    @property
    def pixels(self) -> np.ndarray:
        """[N] px that one unit of the frame is long."""
        return 1 / np.sqrt(np.linalg.det(self.turns))


def align(points: np.ndarray, shape: np.ndarray) -> Frames:
    """Least-squares similarity of each face [N, K, 2] px to a centred shape [K, 2].

    Written as complex numbers: the factor is the shape's product with the face over the face's
    with itself (Umeyama 1991, without reflections).
    """
    middles = points.mean(1)
    flat = (points - middles[:, None]) @ np.array([1, 1j])
    wanted = shape @ np.array([1, 1j])
    factor = (flat.conj() @ wanted) / np.maximum((np.abs(flat) ** 2).sum(1), 1e-12)
    real, imaginary = factor.real, factor.imag
    turns = np.stack([np.stack([real, -imaginary], -1), np.stack([imaginary, real], -1)], 1)
    return Frames(turns, middles)


def mean_shape(points: np.ndarray, eyes: tuple[int, int], rounds: int = 3) -> np.ndarray:
    """Mean of faces [N, K, 2], centred, upright, outer eye corners one unit apart: [K, 2]."""
    shape = points[0] - points[0].mean(0)
    for _ in range(rounds):
        shape = align(points, shape).enter(points).mean(0)
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

    def frames(self, points: np.ndarray) -> Frames:
        """Of the machine's faces [N, K, 2] px."""
        return align(points, self.shape)

    def __call__(self, points: np.ndarray) -> np.ndarray:
        """The machine's points [N, K, 2] px where people would put them."""
        frames = self.frames(points)
        inside = frames.enter(points)
        moved = _cues(inside, self.shape, self.axes, self.spread) @ self.weights
        return frames.leave(inside + moved.reshape(inside.shape))


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
    frames = align(machine, shape)
    inside = frames.enter(machine)
    _, sizes, axes = np.linalg.svd((inside - shape).reshape(len(inside), -1), full_matrices=False)
    spread = sizes[:cues] / np.sqrt(len(inside))
    axes = axes[:cues]
    known = _cues(inside, shape, axes, spread)
    lacking = (frames.enter(people) - inside).reshape(len(inside), -1)
    weights = np.linalg.lstsq(known, lacking, rcond=None)[0]
    return Correction(shape, axes, spread, weights)


def _cues(
    inside: np.ndarray, shape: np.ndarray, axes: np.ndarray, spread: np.ndarray
) -> np.ndarray:
    """A constant and the components, in standard deviations and bounded: [N, C + 1]."""
    components = (inside - shape).reshape(len(inside), -1) @ axes.T / spread
    bounded = np.clip(components, -FARTHEST, FARTHEST)
    return np.hstack([np.ones((len(inside), 1)), bounded])
