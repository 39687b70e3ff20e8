"""Each point for itself: constant velocity, the same noise for all."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fanet_mmpose.inference.filters.filter import Observation
from fanet_mmpose.inference.filters.linear_kalman import ConstantVelocity


@dataclass(frozen=True)
class KalmanOptions:
    """Trade of jitter against lag; only the ratio of the two matters after the first frames.

    Attributes:
        noise: standard deviation of a measured coordinate, in face sizes.
        acceleration: root of the spectral density of the points' acceleration, face sizes per
            s^1.5; higher follows quicker.
        speed: standard deviation of the speed in the first frame, face sizes per second.
    """

    noise: float = 0.006
    acceleration: float = 0.7
    speed: float = 1.0


class KalmanFilter:
    """A constant-velocity Kalman filter for each point, `PointFilter`.

    Args:
        options: see `KalmanOptions`.
        lag: frames that `points` can go back.
    """

    def __init__(self, options: KalmanOptions | None = None, lag: int = 0) -> None:
        self.options = options or KalmanOptions()
        self._core, self._time = ConstantVelocity(lag), np.inf

    def update(self, seen: Observation) -> None:
        """See `PointFilter.update`."""
        options, seconds, self._time = self.options, seen.time - self._time, seen.time
        points, variance = np.asarray(seen.points, float), (options.noise * seen.size) ** 2
        if seconds <= 0:
            self._core.start(points, variance, (options.speed * seen.size) ** 2)
            return
        density = (options.acceleration * seen.size) ** 2
        self._core.update(seconds, density, points, variance)

    def points(self, back: int = 0) -> np.ndarray:
        """See `PointFilter.points`."""
        return self._core.values(back)
