"""The rotation, scale and shift that lay one set of points on another."""

from __future__ import annotations

import numpy as np


def fit_similarity(source: np.ndarray, target: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Weighted least squares.

    Args:
        source: [K, 2].
        target: [K, 2].
        weights: [K], > 0.

    Returns:
        [4] a, b, x, y: a point (u, v) goes to (a·u − b·v + x, b·u + a·v + y).
    """
    shares = weights / weights.sum()
    middle, goal = shares @ source, shares @ target
    u, v = (source - middle).T
    x, y = (target - goal).T
    power = max(float(shares @ (u * u + v * v)), 1e-12)
    a, b = float(shares @ (u * x + v * y)) / power, float(shares @ (u * y - v * x)) / power
    turn = np.array([[a, -b], [b, a]])
    return np.array([a, b, *(goal - turn @ middle)])


def apply_similarity(pose: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Points [K, 2] by `pose` of `fit_similarity`."""
    a, b = pose[:2]
    return points @ np.array([[a, b], [-b, a]]) + pose[2:]


def undo_similarity(pose: np.ndarray, points: np.ndarray) -> np.ndarray:
    """The way back of `apply_similarity`."""
    a, b = pose[:2]
    return (points - pose[2:]) @ np.array([[a, -b], [b, a]]) / (a * a + b * b)
