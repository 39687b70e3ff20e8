"""Follow faces from frame to frame: where to look, whether it is still a face, which face it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

import numpy as np

from fanet_mmpose.geometry.boxes import carry_box, ios, max_iou, share_inside, tight_box
from fanet_mmpose.inference.detectors import Detections
from fanet_mmpose.inference.face_landmarks import ONE_FACE, FaceLandmarks, nms_faces
from fanet_mmpose.inference.smoother import FaceSmoother
from fanet_mmpose.inference.trackers import build_tracker

if TYPE_CHECKING:
    from fanet_mmpose.inference.landmarker import FaceLandmarker

SAME_FACE = 0.3  # overlap of boxes from which a detection is a face already followed
OUTSIDE = 0.5  # a box with less than this share inside the frame is lost


@dataclass(frozen=True)
class TrackerOptions:
    """How faces are followed and smoothed.

    Attributes:
        min_score: a followed face below this `FaceLandmarks.score` is lost.
        look_every: frames after which the detector looks for newcomers; 0 for never.
        remember: frames for which a lost face keeps its number and its filter; while one is
            missed, the detector looks in every frame.
        tracker: see `known_trackers`.
        filter: see `known_filters`.
        lag: constant latency: faces come out this many frames late, smoothed by those since.
    """

    min_score: float = 0.5
    look_every: int = 30
    remember: int = 10
    tracker: str = 'landmarks'
    filter: str = 'uncertainty'
    lag: int = 0


class FaceTracker:
    """Landmarks with identity over the frames of one video.

    Args:
        landmarker: finds and follows.
        options: see `TrackerOptions`.

    Attributes:
        detections: how often the detector ran.

    Raises:
        UserError: tracker, filter or lag is not to be had.
    """

    def __init__(self, landmarker: FaceLandmarker, options: TrackerOptions | None = None) -> None:
        self.landmarker, self.options = landmarker, options or TrackerOptions()
        self.detections = 0
        self._tracker = build_tracker(self.options.tracker, self._detect)
        self._smoother = FaceSmoother(self.options.filter, self.options.lag)
        self._missed: dict[int, tuple[int, np.ndarray]] = {}  # last frame and box, by number
        self._known: dict[int, np.ndarray] = {}
        self._places: dict[int, tuple[np.ndarray, float]] = {}  # turned boxes and their rolls
        self._ids, self._frame = count(1), 0

    @property
    def lag(self) -> int:
        """Frames by which faces come out late."""
        return self.options.lag

    def __call__(self, frame: np.ndarray, time: float) -> list[FaceLandmarks]:
        """Take the next frame, give the faces of the frame `lag` calls ago.

        Args:
            frame: uint8 [H, W, 3], blue first.
            time: seconds, more than the last frame's.

        Returns:
            Faces with `track_id`; none in the first `lag` calls.

        Raises:
            UserError: `time` does not advance.
        """
        faces, boxes = self._follow(frame)
        self._miss({face.track_id for face in faces})
        if not self._tracker.detects and self._must_search(faces):
            new = self._search(frame, [face.box for face in faces])
            faces += new
            boxes |= {face.track_id: tight_box(face.points) for face in new}
        self._frame += 1
        # The unsmoothed points say where to look next: a filter's lag must not lose the face.
        self._known = {face.track_id: boxes[face.track_id] for face in faces}
        self._places = {face.track_id: self.landmarker.around(face) for face in faces}
        self._tracker.observe(frame, self._known)
        return self._smoother(faces, time, self._missed)

    def finish(self) -> Iterator[list[FaceLandmarks]]:
        """Faces of the last `lag` frames, at the end of a video."""
        return self._smoother.finish()

    def _detect(self, frame: np.ndarray) -> Detections:
        self.detections += 1
        return self.landmarker.detector(frame)

    def _follow(self, frame: np.ndarray) -> tuple[list[FaceLandmarks], dict[int, np.ndarray]]:
        """The faces that are still there, and the tight boxes of all that were looked for."""
        boxes = self._tracker.propose(frame)
        places = [self._place(key, box) for key, box in boxes.items()]
        passes = self.landmarker.passes if self._tracker.detects else 1
        turned, rolls = [box for box, _ in places], [roll for _, roll in places]
        found = self.landmarker.find([frame], [turned], passes, [rolls])[0]
        named = [face.changed(track_id=key) for key, face in zip(boxes, found, strict=True)]
        tight = {face.track_id: tight_box(face.points) for face in named}
        there = [f for f in named if self._is_there(f, tight[f.track_id], frame.shape)]
        # Of two that slid onto one face, the one known for longer stays.
        numbers = [face.track_id for face in there]
        ages = [-number for number in numbers]
        return nms_faces(there, ages, [tight[number] for number in numbers]), tight

    def _place(self, key: int, box: np.ndarray) -> tuple[np.ndarray, float]:
        """The turned box of a face's last points and its roll, moved to where a tracker sees it."""
        if key not in self._places:
            return box, 0.0
        (turned, roll), last = self._places[key], self._known[key]
        return (turned if box is last else carry_box(turned, last, box)), roll

    def _miss(self, found: set[int]) -> None:
        """Remember the faces that were known until now; forget the long gone."""
        gone = {key: (self._frame, box) for key, box in self._known.items() if key not in found}
        oldest = self._frame - self.options.remember
        known = {**self._missed, **gone}.items()
        self._missed = {key: seen for key, seen in known if seen[0] > oldest and key not in found}

    def _must_search(self, faces: list[FaceLandmarks]) -> bool:
        every = self.options.look_every
        lost = len(faces) < len(self._known) or bool(self._missed) or not faces
        return lost or bool(every and self._frame % every == 0)

    def _search(self, frame: np.ndarray, known: list[np.ndarray]) -> list[FaceLandmarks]:
        seen = self._detect(frame)
        new = np.array([max_iou(box, known) < SAME_FACE for box in seen.boxes], bool)
        found = self.landmarker.look([frame], [seen[new]])[0]
        there = [
            face
            for face in found
            if self._is_there(face, tight_box(face.points), frame.shape)
            and face.is_face >= self.landmarker.min_face
        ]
        new = [
            face
            for face in nms_faces(there, [face.score for face in there])
            if ios(tight_box(face.points), known).max(initial=0) <= ONE_FACE
        ]
        return [face.changed(track_id=self._number(face)) for face in new]

    def _number(self, face: FaceLandmarks) -> int:
        """That of the missed face whose place this is, or a new one."""
        box = tight_box(face.points)
        near = {key: max_iou(box, [last]) for key, (_, last) in self._missed.items()}
        best = max(near, key=near.__getitem__, default=None)
        if best is None or near[best] < SAME_FACE:
            return next(self._ids)
        del self._missed[best]
        return best

    def _is_there(self, face: FaceLandmarks, box: np.ndarray, shape: tuple[int, ...]) -> bool:
        """Whether a face with this tight box is sure, and not outside a frame of this shape."""
        return face.score >= self.options.min_score and share_inside(box, shape) >= OUTSIDE
