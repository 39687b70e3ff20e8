"""The face moves as one, and uncertain points have less weight."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fanet_mmpose.geometry.similarity import apply_similarity, fit_similarity, undo_similarity
from fanet_mmpose.inference.filters.filter import Observation
from fanet_mmpose.inference.filters.linear_kalman import ConstantVelocity, RandomWalk


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
        self._pose, self._shape = ConstantVelocity(lag), RandomWalk(lag)

    def update(self, seen: Observation) -> None:
        """See `PointFilter.update`."""
        seconds, self._time = seen.time - self._time, seen.time
        if seconds <= 0:
            self._start(seen)
            return
        options, variances = self.options, self._shape_variances(seen)
        pose = fit_similarity(self._shape.values(), seen.points, 1 / variances)
        density = (options.acceleration * seen.size) ** 2
        self._pose.update(seconds, density, pose, self._pose_variance(seen))
        shape = undo_similarity(pose, seen.points)
        self._shape.update(seconds, options.expression**2, shape, variances[:, None])

    def points(self, back: int = 0) -> np.ndarray:
        """See `PointFilter.points`."""
        return apply_similarity(self._pose.values(back), self._shape.values(back))

    def _start(self, seen: Observation) -> None:
        """Shapes are in face sizes about the face's middle, so that all of a pose is in px."""
        variances = self._shape_variances(seen)
        middle = np.average(seen.points, axis=0, weights=1 / variances)
        spread = (self.options.speed * seen.size) ** 2
        self._pose.start(np.array([seen.size, 0, *middle]), self._pose_variance(seen), spread)
        self._shape.start((seen.points - middle) / seen.size, variances[:, None])

    def _pose_variance(self, seen: Observation) -> float:
        return (self.options.pose_noise * seen.size) ** 2

    def _shape_variances(self, seen: Observation) -> np.ndarray:
        """[K]: of each coordinate of a point, in the shape's unit."""
        return (self.options.gain / seen.size * seen.scales.astype(float)) ** 2
