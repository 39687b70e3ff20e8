"""The face moves as one, and uncertain points have less weight."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fanet_mmpose.geometry.similarity import apply_similarity, fit_similarity, undo_similarity
from fanet_mmpose.inference.filters.filter import Observation
from fanet_mmpose.inference.filters.linear_kalman import LinearKalman, constant_velocity, resting


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
        self._pose, self._shape = LinearKalman(lag), LinearKalman(lag)

    def update(self, seen: Observation) -> None:
        """See `PointFilter.update`."""
        seconds, self._time = seen.time - self._time, seen.time
        if seconds <= 0:
            self._start(seen)
            return
        options = self.options
        pose = fit_similarity(self._shape.values(), seen.points, seen.scales**-2.0)
        density = (options.acceleration * seen.size) ** 2
        self._pose.update(
            constant_velocity(seconds, density), pose[None], self._pose_variance(seen)
        )
        self._shape.update(
            resting(seconds, options.expression**2),
            undo_similarity(pose, seen.points),
            self._shape_variances(seen),
        )

    def points(self, back: int = 0) -> np.ndarray:
        """See `PointFilter.points`."""
        return apply_similarity(self._pose.values(back)[0], self._shape.values(back))

    def _start(self, seen: Observation) -> None:
        """Shapes are in face sizes about the face's middle, so that all of a pose is in px."""
        middle = np.average(seen.points, axis=0, weights=seen.scales**-2.0)
        pose = np.array([[seen.size, 0, *middle]])
        spread = np.array([(self.options.speed * seen.size) ** 2])
        shape = (seen.points - middle) / seen.size
        self._pose.start(pose, self._pose_variance(seen), spread)
        self._shape.start(shape, self._shape_variances(seen), np.zeros(0))

    def _pose_variance(self, seen: Observation) -> np.ndarray:
        return np.array([(self.options.pose_noise * seen.size) ** 2])

    def _shape_variances(self, seen: Observation) -> np.ndarray:
        return (self.options.gain * seen.scales / seen.size) ** 2
