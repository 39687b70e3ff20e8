"""One-Euro filter: Casiez, Roussel and Vogel, "1 € Filter: A Simple Speed-based Low-pass Filter for
Noisy Input in Interactive Systems", CHI 2012.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from fanet_mmpose.inference.filters.filter import Observation


@dataclass(frozen=True)
class OneEuroOptions:
    """Trade of jitter against lag.

    Attributes:
        min_cutoff: Hz, for a face at rest; lower is steadier.
        beta: how fast the cutoff rises, Hz per (face size per second); higher lags less.
        speed_cutoff: Hz, for the speed itself.
    """

    min_cutoff: float = 3.0
    beta: float = 50.0
    speed_cutoff: float = 1.0


def smoothing_factor(cutoff: np.ndarray | float, seconds: float) -> np.ndarray | float:
    """Weight in (0, 1) of the new value in a first-order low-pass of `cutoff` Hz."""
    turns = 2 * math.pi * cutoff * seconds
    return turns / (turns + 1)


class OneEuroFilter:
    """Low-pass whose cutoff follows each point's speed, `PointFilter`: steady at rest."""

    def __init__(self, options: OneEuroOptions | None = None) -> None:
        self.options = options or OneEuroOptions()
        self._time: float | None = None
        self._value = self._speed = np.zeros(0)

    def update(self, seen: Observation) -> None:
        """See `PointFilter.update`."""
        points, time = np.asarray(seen.points, float), seen.time
        if self._time is None or time <= self._time:
            self._time, self._value, self._speed = time, points, np.zeros_like(points)
            return
        seconds, self._time = time - self._time, time
        speed = (points - self._value) / seconds / seen.size
        rate = smoothing_factor(self.options.speed_cutoff, seconds)
        self._speed = self._speed + rate * (speed - self._speed)
        fastness = np.linalg.norm(self._speed, axis=-1, keepdims=True)
        cutoff = self.options.min_cutoff + self.options.beta * fastness
        self._value = self._value + smoothing_factor(cutoff, seconds) * (points - self._value)

    def points(self, back: int = 0) -> np.ndarray:
        """See `PointFilter.points`; `back` must be 0."""
        if back:
            raise ValueError('a One-Euro filter has no lag')
        return self._value
