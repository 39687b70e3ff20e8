"""Follow faces from frame to frame by their landmarks; the detector runs when one is lost."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import count

import numpy as np

from fanet_mmpose.geometry.crop import box_of_points
from fanet_mmpose.pipeline.boxes import overlap, share_inside
from fanet_mmpose.pipeline.face_landmarks import FaceLandmarks
from fanet_mmpose.pipeline.filters import OneEuroFilter
from fanet_mmpose.pipeline.landmarker import FaceLandmarker

SAME_FACE = 0.3  # overlap of boxes from which a detection is a face already followed
OUTSIDE = 0.5  # a box with less than this share inside the frame is lost


@dataclass(frozen=True)
class TrackerOptions:
    """When a face counts as lost, and what is smoothed.

    Attributes:
        min_score: a followed face below this `FaceLandmarks.score` is lost.
        look_every: frames after which the detector looks for newcomers; 0 for never.
        smooth: filter the points by `OneEuroFilter`.
    """

    min_score: float = 0.5
    look_every: int = 30
    smooth: bool = True


class FaceTracker:
    """Landmarks with identity over the frames of one video.

    Args:
        landmarker: finds and follows.
        options: see `TrackerOptions`.
    """

    def __init__(self, landmarker: FaceLandmarker, options: TrackerOptions | None = None) -> None:
        self.landmarker, self.options = landmarker, options or TrackerOptions()
        self.detections = 0  # how often the detector ran
        self._boxes: dict[int, np.ndarray] = {}
        self._filters: dict[int, OneEuroFilter] = {}
        self._ids, self._frame = count(1), 0

    def __call__(self, frame: np.ndarray, time: float) -> list[FaceLandmarks]:
        """Faces of the next frame, uint8 [H, W, 3] blue first, at `time` in seconds."""
        faces = self._follow(frame)
        lost = len(faces) < len(self._boxes) or not faces
        every = self.options.look_every
        if lost or (every and self._frame % every == 0):
            faces += self._search(frame, [face.box for face in faces])
        self._frame += 1
        # The unsmoothed points say where to look next: a filter's lag must not lose the face.
        self._boxes = {face.track_id: box_of_points(face.points) for face in faces}
        self._filters = {key: self._filters.get(key) or OneEuroFilter() for key in self._boxes}
        return [self._smooth(face, time) for face in faces] if self.options.smooth else faces

    def _follow(self, frame: np.ndarray) -> list[FaceLandmarks]:
        found = self.landmarker.find([frame], [list(self._boxes.values())])[0]
        named = [replace(face, track_id=key) for key, face in zip(self._boxes, found, strict=True)]
        return [face for face in named if self._is_there(face, frame.shape)]

    def _search(self, frame: np.ndarray, known: list[np.ndarray]) -> list[FaceLandmarks]:
        self.detections += 1
        boxes = [
            box for box in self.landmarker.detector(frame).boxes if overlap(box, known) < SAME_FACE
        ]
        found = self.landmarker.find([frame], [boxes], self.landmarker.passes)[0]
        return [
            replace(face, track_id=next(self._ids))
            for face in found
            if self._is_there(face, frame.shape)
        ]

    def _is_there(self, face: FaceLandmarks, shape: tuple[int, ...]) -> bool:
        sure = face.score >= self.options.min_score
        return sure and share_inside(box_of_points(face.points), shape) >= OUTSIDE

    def _smooth(self, face: FaceLandmarks, time: float) -> FaceLandmarks:
        size = float((face.box[2:] - face.box[:2]).max())
        return replace(face, points=self._filters[face.track_id](face.points, time, size))
