"""FaceLandmarker: pictures in, landmarks in pixels of the picture out."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from fanet_mmpose.deploy.model_info import ModelInfo
from fanet_mmpose.errors import UserError
from fanet_mmpose.geometry.boxes import box_change, checked_boxes
from fanet_mmpose.geometry.roll import difference, roll_of_points, turned_box_of_points
from fanet_mmpose.images import ImageSource, find_images, load_image
from fanet_mmpose.inference.backend import AUTO, DEFAULT_MODEL, Model, load_backend
from fanet_mmpose.inference.detectors import Detections, Detector, build_detector
from fanet_mmpose.inference.exposure import brightened
from fanet_mmpose.inference.face_chance import MIN_FACE
from fanet_mmpose.inference.face_landmarks import FaceLandmarks, nms_faces
from fanet_mmpose.inference.look import Look, Place, look_at

if TYPE_CHECKING:  # they follow faces with a landmarker, so they build on this module
    from fanet_mmpose.inference.tracker import TrackerOptions
    from fanet_mmpose.inference.video_source import Frame

DEFAULT_DETECTOR = 'blazeface_all'
# Thresholds of `mean_log_scale`. On 472 train faces, some of them
# turned, covered or cut, a second crop took 10 % off the error of the 70 above the first limit and
# 0.3 % off that of the others.
AGAIN = -4.0
# Above it points are lost, at the wrong angle for example; then these are tried, too.
LOST = -3.6
ANGLES = (45.0, 90.0, 135.0, 180.0, 225.0, 270.0, 315.0)
QUARTERS = (90.0, 180.0, 270.0)  # where the detector knew a roll: it takes eyes for a mouth at most
# A crop is good enough if its middle and its size are within this share of the face's, and its
# angle within so many degrees: training moved them as far.
MOVED, TURNED = 0.12, 15.0
# `is_face` after the first look below which a candidate of BlazeFace gets no other: its points
# would have to be several times as sure.
HOPELESS = 0.02


def _or_upright(roll: float) -> float:
    """A roll, or 0 where it is not known."""
    return float(roll) if math.isfinite(roll) else 0.0


def _is_hopeless(place: Place, face: FaceLandmarks) -> bool:
    """Whether no further look can make a face of it: the detector was unsure, the points are."""
    return not math.isnan(place.chance) and face.is_face < HOPELESS


def _is_elsewhere(face: FaceLandmarks, box: np.ndarray, roll: float) -> bool:
    """Whether the crop was another one than the points ask for, which is round `box`."""
    moved, grown = box_change(face.box, box)
    turned = abs(float(difference(roll, face.roll)))
    return moved > MOVED or abs(grown) > MOVED or turned > TURNED


class FaceLandmarker:
    """Detector, crop, network and back.

    Args:
        model: name of shipped weights (`fanet models` lists them), an exported ``.onnx`` file, or
            a loaded model.
        detector: name (`known_detectors`), ``precomputed:FILE``, or any callable detector.
        device: ``cpu`` or ``cuda``, also of detectors that are networks.
        backend: of shipped weights: ``onnx`` (FP32), ``onnx-int8`` (quicker on a CPU), ``auto``
            for one of them (`backend.resolved`), or ``torch`` where MMPose is installed.
        passes: how often a detected face is cropped at most; from the second time on round the
            points just found, which makes up for rough boxes, and only where that is needed.
        min_score: detections of a lower `FaceLandmarks.score`, hard to see, are left out, too.
        min_face: detections of a lower `FaceLandmarks.is_face` are no faces.

    Raises:
        UserError: model, detector or device is not to be had.
    """

    def __init__(
        self,
        model: str | Path | Model = DEFAULT_MODEL,
        detector: str | Detector = DEFAULT_DETECTOR,
        device: str = 'cpu',
        backend: str = AUTO,
        passes: int = 2,
        min_score: float = 0.0,
        min_face: float = MIN_FACE,
    ) -> None:
        if passes < 1:
            raise UserError(f'passes={passes}: at least 1 is needed')
        self.model = load_backend(model, backend, device)
        self.detector = build_detector(detector, device)
        self.passes, self.min_score, self.min_face = passes, min_score, min_face

    @property
    def info(self) -> ModelInfo:
        """Schema, input size and licence of the model."""
        return self.model.info

    def __call__(self, image: ImageSource) -> list[FaceLandmarks]:
        """Every face of a picture (path, bytes or array, see `load_image`); none is an empty list.

        Raises:
            UserError: the picture cannot be read.
        """
        name = str(image) if isinstance(image, (str, Path)) else ''
        loaded = load_image(image)
        return self._faces([loaded], [name])[0]

    def many(self, images: Iterable[ImageSource], batch: int = 8) -> Iterator[list[FaceLandmarks]]:
        """The faces of each picture, in order; the faces of `batch` pictures share a forward pass.

        Raises:
            UserError: a picture cannot be read, `images` is one picture, or `batch` is none.
        """
        if isinstance(images, (str, Path, bytes)) or batch < 1:
            raise UserError(
                'many() takes pictures, one or more at once: for a single one call the landmarker, '
                'for a folder folder()'
            )
        source = iter(images)
        while chunk := list(islice(source, batch)):
            loaded = [load_image(image) for image in chunk]
            names = [str(image) if isinstance(image, (str, Path)) else '' for image in chunk]
            yield from self._faces(loaded, names)

    def _faces(
        self, images: Sequence[np.ndarray], names: Sequence[str]
    ) -> list[list[FaceLandmarks]]:
        """The faces of each picture; under-exposed ones without any get another look, brighter."""
        found = [self.detector(image, name) for image, name in zip(images, names, strict=True)]
        faces = [self.keep_sure(own) for own in self.look(images, found)]
        for index, image in enumerate(images):
            if not faces[index] and (brighter := brightened(image)) is not None:
                again = self.detector(brighter, names[index])
                faces[index] = self.keep_sure(self.look([brighter], [again])[0])
        return faces

    def folder(
        self, folder: str | Path, on_error: Callable[[str], None] = warnings.warn
    ) -> Iterator[tuple[Path, list[FaceLandmarks]]]:
        """Path and faces of each picture in a folder and below, sorted.

        Args:
            folder: where they are.
            on_error: told a sentence about each picture or folder that cannot be read.

        Raises:
            UserError: there is no such folder, or no picture in it.
        """
        if not Path(folder).is_dir():
            raise UserError(f'{folder}: there is no such folder')
        paths, problems = find_images([str(folder)])
        for problem in problems:
            on_error(problem)
        return self._each(paths, on_error)

    def _each(
        self, paths: Iterable[Path], on_error: Callable[[str], None]
    ) -> Iterator[tuple[Path, list[FaceLandmarks]]]:
        for path in paths:
            try:
                faces = self(path)
            except UserError as error:
                on_error(str(error))
                continue
            yield path, faces

    def video(
        self, source: str | Path | int, options: TrackerOptions | None = None
    ) -> Iterator[tuple[Frame, list[FaceLandmarks]]]:
        """Frames of a video file, or of a camera by its number, with faces followed and smoothed.

        Args:
            source: see `VideoSource`.
            options: see `TrackerOptions`.

        Raises:
            UserError: it is no video, has no frame, or an option is not to be had.
        """
        from fanet_mmpose.inference.tracker import FaceTracker
        from fanet_mmpose.inference.video import follow
        from fanet_mmpose.inference.video_source import VideoSource

        return follow(VideoSource(source), FaceTracker(self, options))

    def keep_sure(self, faces: Iterable[FaceLandmarks]) -> list[FaceLandmarks]:
        """Those that are faces; the one of the highest score where several are one or its parts."""
        sure = [face for face in faces if self.is_sure(face)]
        return nms_faces(sure, [face.score for face in sure])

    def is_sure(self, face: FaceLandmarks) -> bool:
        """Whether it is one by `min_score` and `min_face`."""
        return face.score >= self.min_score and face.is_face >= self.min_face

    def look(
        self, images: Sequence[np.ndarray], found: Sequence[Detections]
    ) -> list[list[FaceLandmarks]]:
        """Landmarks of what a detector found in each image, sure or not, in `passes`."""
        places = [
            Place(image, box, _or_upright(roll), float(chance))
            for image, one in zip(images, found, strict=True)
            for box, roll, chance in zip(one.boxes, one.rolls, one.chances, strict=True)
        ]
        remaining = iter(self._find(places, self.passes))
        return [list(islice(remaining, len(one))) for one in found]

    def find(
        self,
        images: Sequence[np.ndarray],
        boxes: Sequence[np.ndarray],
        passes: int | None = None,
        rolls: Sequence[np.ndarray] | None = None,
    ) -> list[list[FaceLandmarks]]:
        """Landmarks in given boxes.

        Args:
            images: uint8 [H, W, 3], blue first.
            boxes: for each image [N, 4] x1, y1, x2, y2, px.
            passes: as of the class, whose value is the default; a second crop sets upright what
                leans by more than training turned it.
            rolls: for each image [N] degrees by which each box is turned about its middle, NaN as
                0; where points are very unsure, other angles are tried.

        Returns:
            For each image one face for each box, in their order, sure or not.

        Raises:
            UserError: see `checked_boxes`; boxes and images, or rolls and boxes, are not as many.
        """
        boxes = [checked_boxes(own) for own in boxes]
        known = [np.full(len(own), np.nan) for own in boxes] if rolls is None else rolls
        if len(boxes) != len(images) or [len(own) for own in boxes] != [len(own) for own in known]:
            raise UserError('find: give a list of boxes for each image, and a roll for each box')
        places = [
            Place(image, box, _or_upright(roll))
            for image, own, own_rolls in zip(images, boxes, known, strict=True)
            for box, roll in zip(own, own_rolls, strict=True)
        ]
        remaining = iter(self._find(places, self.passes if passes is None else passes))
        return [list(islice(remaining, len(own))) for own in boxes]

    def _find(self, places: Sequence[Place], passes: int) -> list[FaceLandmarks]:
        """All looks at places; those that are no face for certain get the first alone."""
        looks = look_at(places, self.model)
        left = [i for i, place in enumerate(places) if not _is_hopeless(place, looks[i].face)]
        own = [places[index] for index in left]
        better = self._turn(own, [looks[index] for index in left])
        for _ in range(passes - 1):
            better = self._again(own, better, AGAIN)
        for index, look in zip(left, better, strict=True):
            looks[index] = look
        return [look.face for look in looks]

    def _turn(self, places: Sequence[Place], looks: Sequence[Look]) -> list[Look]:
        """Other angles for faces whose points are very unsure: where one is surer, it is right."""
        looks = list(looks)
        lost = [index for index, look in enumerate(looks) if look.log_scale > LOST]
        if not lost:
            return looks
        turns = [ANGLES if math.isnan(places[index].chance) else QUARTERS for index in lost]
        tried = [
            places[index]._replace(roll=places[index].roll + angle)
            for index, angles in zip(lost, turns, strict=True)
            for angle in angles
        ]
        turned = iter(look_at(tried, self.model))
        for index, angles in zip(lost, turns, strict=True):
            own = [looks[index], *islice(turned, len(angles))]
            looks[index] = min(own, key=lambda look: look.log_scale)
        return looks

    def _again(self, places: Sequence[Place], looks: Sequence[Look], limit: float) -> list[Look]:
        """Another crop, round the points just found, of the faces whose points are unsure."""
        looks, again = list(looks), {}
        for index, (place, look) in enumerate(zip(places, looks, strict=True)):
            box, roll = self.around(look.face)
            if look.log_scale > limit or _is_elsewhere(look.face, box, roll):
                again[index] = Place(place.image, box, roll, place.chance)
        for index, look in zip(again, look_at([*again.values()], self.model), strict=True):
            looks[index] = look
        return looks

    def around(self, face: FaceLandmarks) -> tuple[np.ndarray, float]:
        """Where to look next: the box [4] round a face's points, turned with them, its roll."""
        roll = roll_of_points(face.points, self.info.schema)
        roll = face.roll if math.isnan(roll) else roll
        return turned_box_of_points(face.points, roll), roll
