"""The rotation, scale and shift that lay one set of points on another: the package's one fit.

Umeyama, "Least-squares estimation of transformation parameters between two point patterns", PAMI
1991, without reflections; in the plane it has a closed form. A pose is [..., 4] a, b, x, y: a point
(u, v) goes to (a·u − b·v + x, b·u + a·v + y). As complex numbers that is (a + bi)(u + vi) + x + yi,
and so it is computed: one operation for both coordinates.
"""

from __future__ import annotations

import numpy as np


def fit_similarity(
    source: np.ndarray, target: np.ndarray, weights: np.ndarray | None = None
) -> np.ndarray:
    """Weighted least squares.

    Args:
        source: [..., K, 2].
        target: [..., K, 2]; either may have fewer leading axes than the other.
        weights: [K], > 0; all equal by default.

    Returns:
        Poses [..., 4]; a and b are 0 where all points of the source coincide.
    """
    start, end = as_complex(source), as_complex(target)
    turn, shift = fit_complex(start, end, np.ones(start.shape[-1]) if weights is None else weights)
    pose = np.empty((*turn.shape, 2), complex)
    pose[..., 0], pose[..., 1] = turn, shift
    return pose.view(float)


def fit_complex(
    source: np.ndarray, target: np.ndarray, weights: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """`fit_similarity` of complex numbers [..., K]: a + bi and x + yi, [...] each."""
    total = weights.sum()
    middle, goal = source @ weights / total, target @ weights / total
    source = source - middle[..., None]
    weighted = source.conj() * weights
    power = np.maximum((weighted * source).sum(-1).real, 1e-12 * total)
    turn = (weighted * (target - goal[..., None])).sum(-1) / power
    return turn, goal - turn * middle


def apply_similarity(pose: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Points [..., K, 2] by poses [..., 4]."""
    turn, shift = _turn_and_shift(pose)
    return as_points(turn * as_complex(points) + shift)


def undo_similarity(pose: np.ndarray, points: np.ndarray) -> np.ndarray:
    """The inverse of `apply_similarity`."""
    turn, shift = _turn_and_shift(pose)
    return as_points((as_complex(points) - shift) / turn)


def similarity_scale(pose: np.ndarray) -> np.ndarray:
    """How much poses [..., 4] enlarge: [...]."""
    return np.hypot(pose[..., 0], pose[..., 1])


def _turn_and_shift(pose: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """a + bi and x + yi of poses [..., 4], [..., 1] each."""
    both = np.ascontiguousarray(pose, float).view(complex)
    return both[..., :1], both[..., 1:]


def as_complex(points: np.ndarray) -> np.ndarray:
    """Points [..., K, 2] as [..., K] complex numbers."""
    return np.ascontiguousarray(points, float).view(complex)[..., 0]


def as_points(numbers: np.ndarray) -> np.ndarray:
    """The inverse of `as_complex`."""
    return numbers[..., None].view(float)
