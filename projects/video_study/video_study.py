"""Trackers and filters on faces seen by a moving camera, where the truth is known."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from fanet_mmpose.datasets.annotations import load_annotations
from fanet_mmpose.errors import UserError
from fanet_mmpose.geometry.boxes import longer_side, max_iou, tight_box
from fanet_mmpose.geometry.nme import face_errors, normalization_factors, point_errors
from fanet_mmpose.geometry.schemas import get_schema
from fanet_mmpose.images import load_image
from fanet_mmpose.inference.face_landmarks import FaceLandmarks
from fanet_mmpose.inference.filters import Observation, PointFilter
from fanet_mmpose.inference.landmarker import FaceLandmarker
from fanet_mmpose.inference.tracker import FaceTracker, TrackerOptions
from projects.video_study.flicker import lag_in_frames, mean_flicker
from projects.video_study.moving_camera import CameraOptions, SequenceFrame, move_camera


@dataclass(frozen=True, eq=False)
class Recording:
    """What one tracker found of one face, unfiltered, in the frames where it found it.

    Attributes:
        faces: [T] as `FaceTracker` gives them.
        times: [T] seconds.
        truth: [T, K, 2] px.
        frames: how many there were.
        milliseconds: CPU time of each of them, [frames].
        detections: how often the detector ran.
    """

    faces: Sequence[FaceLandmarks]
    times: np.ndarray
    truth: np.ndarray
    frames: int
    milliseconds: np.ndarray
    detections: int

    @property
    def numbers(self) -> int:
        """Different track ids; 1 if the identity was kept."""
        return len({face.track_id for face in self.faces})


@dataclass(frozen=True)
class Quality:
    """Means over recordings: `flicker` and `nme` in % of the eye distance, `lag` in frames."""

    flicker: float
    lag: float
    nme: float


def chosen_faces(
    root: str | Path, split: str, count: int, part: int
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Picture and points [K, 2] of `count` faces, evenly spread over a split.

    Args:
        root: a prepared data set.
        split: ``val``.
        count: how many.
        part: 0 or 1: two sets of faces without a common one.
    """
    rows = list(load_annotations(Path(root) / 'annotations' / f'{split}.json').values())
    if len(rows) < 2 * count:
        raise UserError(f'{root}: {len(rows)} faces in {split}, {2 * count} are needed')
    for index in np.linspace(0, len(rows) - 1, 2 * count).astype(int)[part::2]:
        yield load_image(Path(root) / rows[index].image), rows[index].points


def film(
    faces: Iterable[tuple[np.ndarray, np.ndarray]], options: CameraOptions, seed: int
) -> Iterator[list[SequenceFrame]]:
    """A sequence for each face; face i has the random numbers of (seed, i)."""
    for index, (image, points) in enumerate(faces):
        yield list(move_camera(image, points, options, np.random.default_rng([seed, index])))


def record(landmarker: FaceLandmarker, frames: Sequence[SequenceFrame], tracker: str) -> Recording:
    """Track one face without a filter.

    Raises:
        UserError: it is found in fewer than two frames.
    """
    follow = FaceTracker(landmarker, TrackerOptions(tracker=tracker, filter='none'))
    found, spent = [], []
    for frame in frames:
        start = time.process_time()
        faces = follow(frame.image, frame.time)
        spent.append(1000 * (time.process_time() - start))
        box = tight_box(frame.points)
        best = max(faces, key=lambda face: max_iou(face.box, [box]), default=None)  # noqa: B023
        if best is not None and max_iou(best.box, [box]) > 0:
            found.append((best, frame))
    if len(found) < 2:
        raise UserError(f'tracker {tracker} found a face in {len(found)} of {len(frames)} frames')
    return Recording(
        [face for face, _ in found],
        np.array([frame.time for _, frame in found]),
        np.stack([frame.points for _, frame in found]),
        len(frames),
        np.array(spent),
        follow.detections,
    )


def smooth(recording: Recording, own: PointFilter | None, lag: int = 0) -> np.ndarray:
    """Points [T, K, 2] that a fresh filter makes of a recording; None leaves them."""
    if own is None:
        return np.stack([face.points for face in recording.faces])
    out = []
    for index, (face, moment) in enumerate(zip(recording.faces, recording.times, strict=True)):
        own.update(Observation(face.points, moment, longer_side(face.box), face.scales))
        if index >= lag:
            out.append(own.points(lag))
    rest = min(lag, len(recording.faces))
    return np.stack([*out, *(own.points(back) for back in range(rest - 1, -1, -1))])


def equal_scales(recording: Recording) -> Recording:
    """The same with each face's scales replaced by their quadratic mean: what are they worth?"""
    faces = [
        replace(face, scales=np.full(len(face.scales), np.sqrt((face.scales**2).mean())))
        for face in recording.faces
    ]
    return replace(recording, faces=faces)


def quality(found: Sequence[np.ndarray], recordings: Sequence[Recording]) -> Quality:
    """Means over recordings of what was made of each: points [T, K, 2], px."""
    rows = []
    for points, recording in zip(found, recordings, strict=True):
        labelled = np.ones(points.shape[:2], bool)
        schema = get_schema(recording.faces[0].schema)
        factors = normalization_factors('inter_ocular', schema, recording.truth, labelled)
        nme = face_errors(point_errors(points, recording.truth, labelled), factors).mean()
        flicker = mean_flicker(points, recording.truth, factors)
        rows.append([flicker, lag_in_frames(points, recording.truth), 100 * nme])
    return Quality(*np.mean(rows, 0).tolist())
