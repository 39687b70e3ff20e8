"""Kalman filters with a fixed-lag smoother over many independent values at once.

Kalman, "A New Approach to Linear Filtering and Prediction Problems", 1960; the way back: Rauch,
Tung and Striebel, "Maximum Likelihood Estimates of Linear Dynamic Systems", 1965. Their matrices
are 1×1 and 2×2 here and are written out: a library call for each would take most of a frame's time.

A filter's values are a number, real or complex, or an array. Variances are numbers, the same for
all values, or arrays that broadcast to them.
"""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

import numpy as np

Value = np.ndarray | complex
Variance = np.ndarray | float


class _Rest(NamedTuple):
    """Of a frame: the estimate, its variance, and the variance before the measurement."""

    value: Value
    variance: Variance
    prior_variance: Variance


class RandomWalk:
    """Values that rest, but for a random walk.

    Args:
        lag: how many frames `values` can go back.
    """

    def __init__(self, lag: int = 0) -> None:
        self._steps: deque[_Rest] = deque(maxlen=lag + 1)

    def start(self, values: Value, variance: Variance) -> None:
        """First measurement, and its variance."""
        self._steps.clear()
        self._steps.append(_Rest(values, variance, variance))

    def update(self, seconds: float, density: float, values: Value, variance: Variance) -> None:
        """Take the values measured `seconds` later; the walk's variance per second is `density`."""
        last = self._steps[-1]
        prior = last.variance + density * seconds
        gain = prior / (prior + variance)
        value = last.value + gain * (values - last.value)
        self._steps.append(_Rest(value, gain * variance, prior))

    def values(self, back: int = 0) -> Value:
        """Estimates of the frame `back` updates ago, given all later ones up to now."""
        value = self._steps[-1].value
        for age in range(1, back + 1):
            now, later = self._steps[-1 - age], self._steps[-age]
            value = now.value + now.variance / later.prior_variance * (value - now.value)
        return value


class _Covariance(NamedTuple):
    """Of a value, of it with its speed, and of the speed."""

    value: Variance
    both: Variance
    speed: Variance


class _Motion(NamedTuple):
    """Of a frame: what is estimated, and what was expected before the measurement."""

    seconds: float  # since the frame before
    value: Value
    speed: Value
    covariance: _Covariance
    prior_value: Value
    prior_speed: Value
    prior_covariance: _Covariance


class ConstantVelocity:
    """Values with a speed, driven by white acceleration.

    Args:
        lag: how many frames `values` can go back.
    """

    def __init__(self, lag: int = 0) -> None:
        self._steps: deque[_Motion] = deque(maxlen=lag + 1)

    def start(self, values: Value, variance: Variance, spread: float) -> None:
        """First measurement, its variance, and the variance of the speed, which starts at 0."""
        covariance, speed = _Covariance(variance, 0.0, spread), 0.0 * values
        self._steps.clear()
        self._steps.append(_Motion(0.0, values, speed, covariance, values, speed, covariance))

    def update(self, seconds: float, density: float, values: Value, variance: Variance) -> None:
        """Take the values measured `seconds` later.

        Args:
            seconds: since the last update.
            density: spectral density of the acceleration.
            values: what was measured.
            variance: of the measurement.
        """
        last = self._steps[-1]
        expected, prior = last.value + seconds * last.speed, _later(last, seconds, density)
        total = prior.value + variance
        gain, speed_gain = prior.value / total, prior.both / total
        wrong = values - expected
        covariance = _Covariance(
            prior.value - gain * prior.value,
            prior.both - gain * prior.both,
            prior.speed - speed_gain * prior.both,
        )
        value, speed = expected + gain * wrong, last.speed + speed_gain * wrong
        self._steps.append(_Motion(seconds, value, speed, covariance, expected, last.speed, prior))

    def values(self, back: int = 0) -> Value:
        """Estimates of the frame `back` updates ago, given all later ones up to now."""
        value, speed = self._steps[-1].value, self._steps[-1].speed
        for age in range(1, back + 1):
            value, speed = _revised(self._steps[-1 - age], self._steps[-age], value, speed)
        return value


def _later(last: _Motion, seconds: float, density: float) -> _Covariance:
    """Covariance `seconds` after a frame, with what the acceleration adds."""
    value, both, speed = last.covariance
    return _Covariance(
        value + seconds * (2 * both + seconds * speed) + density * seconds**3 / 3,
        both + seconds * speed + density * seconds**2 / 2,
        speed + density * seconds,
    )


def _revised(
    now: _Motion, later: _Motion, value: np.ndarray, speed: Value
) -> tuple[np.ndarray, np.ndarray]:
    """Value and speed of a frame, given those of the next one that later frames ask for."""
    prior, own, seconds = later.prior_covariance, now.covariance, later.seconds
    moved, faster = value - later.prior_value, speed - later.prior_speed
    determinant = prior.value * prior.speed - prior.both * prior.both
    # What was moved, by the inverse of the covariance before the measurement.
    by_value = (prior.speed * moved - prior.both * faster) / determinant
    by_speed = (prior.value * faster - prior.both * moved) / determinant
    return (
        now.value + (own.value + seconds * own.both) * by_value + own.both * by_speed,
        now.speed + (own.both + seconds * own.speed) * by_value + own.speed * by_speed,
    )
