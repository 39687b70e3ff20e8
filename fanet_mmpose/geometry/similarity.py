"""The rotation, scale and shift that lay one set of points on another: the package's one fit.

Umeyama, "Least-squares estimation of transformation parameters between two point patterns", PAMI
1991, without reflections; in the plane it has a closed form. A pose is [..., 4] a, b, x, y: a point
(u, v) goes to (a·u − b·v + x, b·u + a·v + y).
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
    weights = np.ones(source.shape[-2]) if weights is None else weights
    shares = weights / weights.sum()
    middle, goal = shares @ source, shares @ target
    u, v = np.moveaxis(source - middle[..., None, :], -1, 0)
    x, y = np.moveaxis(target - goal[..., None, :], -1, 0)
    power = np.maximum((u * u + v * v) @ shares, 1e-12)
    a, b = (u * x + v * y) @ shares / power, (u * y - v * x) @ shares / power
    turned = np.stack(
        [a * middle[..., 0] - b * middle[..., 1], b * middle[..., 0] + a * middle[..., 1]], -1
    )
    return np.concatenate([a[..., None], b[..., None], goal - turned], axis=-1)


def apply_similarity(pose: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Points [..., K, 2] by poses [..., 4]."""
    a, b = pose[..., 0, None], pose[..., 1, None]
    u, v = points[..., 0], points[..., 1]
    return np.stack([a * u - b * v, b * u + a * v], -1) + pose[..., None, 2:]


def undo_similarity(pose: np.ndarray, points: np.ndarray) -> np.ndarray:
    """The inverse of `apply_similarity`."""
    a, b = pose[..., 0, None], pose[..., 1, None]
    u, v = np.moveaxis(points - pose[..., None, 2:], -1, 0)
    return np.stack([a * u + b * v, a * v - b * u], -1) / (a * a + b * b)[..., None]


def similarity_scale(pose: np.ndarray) -> np.ndarray:
    """How much poses [..., 4] enlarge: [...]."""
    return np.hypot(pose[..., 0], pose[..., 1])
