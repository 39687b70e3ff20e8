"""The face moves as one, and uncertain points have less weight."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np

from fanet_mmpose.geometry.similarity import as_complex, as_points, fit_complex
from fanet_mmpose.inference.filters.filter import Observation
from fanet_mmpose.inference.filters.linear_kalman import ConstantVelocity, RandomWalk

SMALLEST = 1e-3  # share of its size to which a face that is followed may shrink


@dataclass(frozen=True)
class UncertaintyOptions:
    """Trade of jitter against lag.

    Attributes:
        gain: standard deviation of a point's measurement noise in its predicted `scales`: the
            scale covers the steady error of a point too, which does not jitter.
        expression: how fast points move within the face, face sizes per √s.
        pose_noise: standard deviation of the face's measured place, in face sizes.
        acceleration: of the face as a whole, see `KalmanOptions`.
        speed: of the face in the first frame, face sizes per second.
    """

    gain: float = 0.3
    expression: float = 0.02
    pose_noise: float = 0.002
    acceleration: float = 2.0
    speed: float = 1.0


class UncertaintyFilter:
    """Two Kalman filters in one, `PointFilter`.

    A similarity, fitted with weights 1 / scale², carries the face of the first frame to this one;
    its four numbers go through a constant-velocity filter. What remains, the shape, goes point by
    point through a filter whose measurement noise is the point's own predicted scale. So motion of
    head and camera, which all points share, does not lag, and an unsure point is held more.

    Args:
        options: see `UncertaintyOptions`.
        lag: frames that `points` can go back.
    """

    def __init__(self, options: UncertaintyOptions | None = None, lag: int = 0) -> None:
        self.options, self._time = options or UncertaintyOptions(), np.inf
        # Points are complex numbers here, as in `geometry.similarity`: a pose is turn and shift.
        self._turn, self._shift = ConstantVelocity(lag), ConstantVelocity(lag)
        self._shape = RandomWalk(lag)
        self._frames = 0  # since the start
        self._before: deque[np.ndarray] = deque(maxlen=lag)  # points of the frames before it

    def update(self, seen: Observation) -> None:
        """See `PointFilter.update`; a face that shrinks to a point starts it anew, too.

        What was seen from then on does not smooth the frames before.
        """
        seconds, self._time = seen.time - self._time, seen.time
        points, variances = as_complex(seen.points), self._shape_variances(seen)
        if seconds <= 0:
            self._start(seen.size, points, variances)
            return
        turn, shift = map(complex, fit_complex(self._shape.values(), points, 1 / variances))
        if abs(turn) < SMALLEST * seen.size:
            self._start(seen.size, points, variances)
            return
        density = (self.options.acceleration * seen.size) ** 2
        self._turn.update(seconds, density, turn, self._pose_variance(seen.size))
        self._shift.update(seconds, density, shift, self._pose_variance(seen.size))
        shape = (points - shift) / turn
        self._shape.update(seconds, self.options.expression**2, shape, variances)
        self._frames += 1

    def points(self, back: int = 0) -> np.ndarray:
        """See `PointFilter.points`."""
        if back >= self._frames:
            return self._before[self._frames - back - 1]
        return as_points(
            self._turn.values(back) * self._shape.values(back) + self._shift.values(back)
        )

    def _start(self, size: float, points: np.ndarray, variances: np.ndarray) -> None:
        """Shapes are in face sizes about the face's middle, so that all of a pose is in px."""
        latest = min(self._frames, self._before.maxlen)
        self._before.extend([self.points(back) for back in reversed(range(latest))])
        self._frames = 1
        middle = complex(np.average(points, weights=1 / variances))
        variance, spread = self._pose_variance(size), (self.options.speed * size) ** 2
        self._turn.start(complex(size), variance, spread)
        self._shift.start(middle, variance, spread)
        self._shape.start((points - middle) / size, variances)

    def _pose_variance(self, size: float) -> float:
        return (self.options.pose_noise * size) ** 2

    def _shape_variances(self, seen: Observation) -> np.ndarray:
        """[K]: of each coordinate of a point, in the shape's unit."""
        return (self.options.gain / seen.size * seen.scales.astype(float)) ** 2
