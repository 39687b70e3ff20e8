"""Filters of the faces of a video, and the delay that lets them look ahead."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterator

import numpy as np

from fanet_mmpose.errors import UserError
from fanet_mmpose.geometry.boxes import longer_side
from fanet_mmpose.inference.face_landmarks import FaceLandmarks
from fanet_mmpose.inference.filters import Observation, PointFilter, build_filter

LEAST_SIZE = 1e-6  # px, of a face whose points coincide


class FaceSmoother:
    """One filter for each face of a video.

    Args:
        name: of the filter, see `known_filters`.
        lag: frames by which faces come out late, always as many; later frames smooth them.

    Raises:
        UserError: as `build_filter`.
    """

    def __init__(self, name: str, lag: int = 0) -> None:
        self.name, self.lag = name, lag
        self._filters: dict[int, PointFilter | None] = {}
        self._updates: dict[int, int] = {}  # how often each filter was told
        self._waiting: deque[list[tuple[FaceLandmarks, int]]] = deque()
        self._time = -np.inf
        build_filter(name, lag)  # a wrong name is told now, not at the first face

    def __call__(
        self, faces: list[FaceLandmarks], time: float, missed: Collection[int] = ()
    ) -> list[FaceLandmarks]:
        """Take a frame's faces, give those of the frame `lag` calls ago; none in the first calls.

        Args:
            faces: with `track_id`.
            time: of the frame, seconds.
            missed: ids of faces that are not in this frame but may come back.

        Raises:
            UserError: `time` does not advance.
        """
        if time <= self._time:
            raise UserError(f'a frame at {time} s follows one at {self._time} s: times must rise')
        self._time = time
        for face in faces:
            self._tell(face)
        self._waiting.append([(face, self._updates[face.track_id]) for face in faces])
        ready = self._pop() if len(self._waiting) > self.lag else []
        waiting = (face.track_id for frame in self._waiting for face, _ in frame)
        self._forget({*missed, *(face.track_id for face in faces), *waiting})
        return ready

    def finish(self) -> Iterator[list[FaceLandmarks]]:
        """The faces of the frames that still wait, oldest first."""
        while self._waiting:
            yield self._pop()

    def _tell(self, face: FaceLandmarks) -> None:
        key = face.track_id
        if key not in self._filters:
            self._filters[key], self._updates[key] = build_filter(self.name, self.lag), 0
        own = self._filters[key]
        if own:
            size = max(float(longer_side(face.box)), LEAST_SIZE)
            own.update(Observation(face.points, self._time, size, face.scales))
        self._updates[key] += 1

    def _pop(self) -> list[FaceLandmarks]:
        return [self._smooth(face, told) for face, told in self._waiting.popleft()]

    def _smooth(self, face: FaceLandmarks, told: int) -> FaceLandmarks:
        own = self._filters[face.track_id]
        back = self._updates[face.track_id] - told
        return face.changed(points=own.points(back)) if own else face

    def _forget(self, needed: set[int]) -> None:
        for key in self._filters.keys() - needed:
            del self._filters[key], self._updates[key]
