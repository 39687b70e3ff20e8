"""A Kalman filter with a fixed-lag smoother over many independent points at once.

Kalman, "A New Approach to Linear Filtering and Prediction Problems", 1960; the way back: Rauch,
Tung and Striebel, "Maximum Likelihood Estimates of Linear Dynamic Systems", 1965.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class Motion:
    """How a state goes on: `step` [D, D] and the variance it gains, [D, D] or [N, D, D]."""

    step: np.ndarray
    noise: np.ndarray


def resting(seconds: float, density: float) -> Motion:
    """A random walk, D = 1; `density` is variance per second."""
    return Motion(np.eye(1), np.array([[density * seconds]]))


def constant_velocity(seconds: float, density: float) -> Motion:
    """Position and velocity, D = 2, driven by white acceleration of this spectral density."""
    square = seconds**2 / 2
    step = np.array([[1, seconds], [0, 1]])
    return Motion(step, density * np.array([[seconds**3 / 3, square], [square, seconds]]))


@dataclass(frozen=True, eq=False)
class _Step:
    """States [N, D, C] and covariances [N, D, D] of a frame, before and after its measurement."""

    step: np.ndarray
    prior: np.ndarray
    prior_cov: np.ndarray
    state: np.ndarray
    cov: np.ndarray


class LinearKalman:
    """N states of D components; the first component is measured, in C coordinates alike.

    Args:
        lag: how many frames `values` can go back.
    """

    def __init__(self, lag: int = 0) -> None:
        self._steps: deque[_Step] = deque(maxlen=lag + 1)

    def start(self, values: np.ndarray, variances: np.ndarray, spread: np.ndarray) -> None:
        """First measurement: values [N, C], variances [N], and the variance [D - 1] of the rest."""
        count, coordinates = values.shape
        state = np.zeros((count, 1 + len(spread), coordinates))
        state[:, 0] = values
        cov = np.stack([np.diag([variance, *spread]) for variance in variances])
        self._steps.clear()
        self._steps.append(_Step(np.eye(1 + len(spread)), state, cov, state, cov))

    def update(self, motion: Motion, values: np.ndarray, variances: np.ndarray) -> None:
        """Go on by `motion`, then take the measured `values` [N, C] of `variances` [N]."""
        last, step = self._steps[-1], motion.step
        prior = step @ last.state
        prior_cov = step @ last.cov @ step.T + motion.noise
        gain = prior_cov[:, :, 0] / (prior_cov[:, 0, 0] + variances)[:, None]
        state = prior + gain[:, :, None] * (values - prior[:, 0])[:, None]
        cov = prior_cov - gain[:, :, None] * prior_cov[:, None, 0]
        self._steps.append(_Step(step, prior, prior_cov, state, cov))

    def values(self, back: int = 0) -> np.ndarray:
        """Estimates [N, C] of the frame `back` updates ago, given all later ones up to now."""
        state = self._steps[-1].state
        for age in range(1, back + 1):
            now, later = self._steps[-1 - age], self._steps[-age]
            gain = now.cov @ later.step.T @ np.linalg.inv(later.prior_cov)
            state = now.state + gain @ (state - later.prior)
        return state[:, 0]
