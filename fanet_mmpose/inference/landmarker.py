"""FaceLandmarker: pictures in, landmarks in pixels of the picture out."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import cv2
import numpy as np

from fanet_mmpose.deploy.model_info import ModelInfo
from fanet_mmpose.deploy.runtime import CropLandmarks
from fanet_mmpose.errors import UserError
from fanet_mmpose.geometry.crop import (
    box_of_points,
    crop_image,
    crop_matrix,
    invert,
    matrix_scale,
    transform_points,
)
from fanet_mmpose.geometry.roll import roll_of_points, turned_box_of_points
from fanet_mmpose.inference.backend import DEFAULT_MODEL, Model, load_backend
from fanet_mmpose.inference.boxes import ONE_FACE, distinct
from fanet_mmpose.inference.detectors import Detections, Detector, build_detector
from fanet_mmpose.inference.face_landmarks import FaceLandmarks
from fanet_mmpose.inference.images import ImageSource, find_images, load_image

if TYPE_CHECKING:  # they follow faces with a landmarker, so they build on this module
    from fanet_mmpose.inference.tracker import TrackerOptions
    from fanet_mmpose.inference.video_source import Frame

DEFAULT_DETECTOR = 'blazeface_all'
BATCH = 32  # crops that go through the network at once
# On val every one of 673 faces scores above 0.71, 99 % of those shrunk to 20 px above 0.70, and
# every corner of their pictures below 0.55; coins with heads on them reach 0.60.
MIN_SCORE = 0.61


class Place(NamedTuple):
    """A box [4] in a picture, px, turned by `roll` about its middle, degrees."""

    image: np.ndarray
    box: np.ndarray
    roll: float


class FaceLandmarker:
    """Detector, crop, network and back.

    Args:
        model: name of shipped weights (`fanet models` lists them), an exported ``.onnx`` file, or
            a loaded model.
        detector: name (`known_detectors`), ``precomputed:FILE``, or any callable detector.
        device: ``cpu`` or ``cuda``, also of detectors that are networks.
        backend: of shipped weights: ``onnx``, ``onnx-int8`` (quicker on a CPU), or ``torch``
            where MMPose is installed.
        passes: how often a detected face is cropped; from the second time on round the points
            just found, which is what makes up for rough boxes.
        min_score: detections of a lower `FaceLandmarks.score` are no faces.

    Raises:
        UserError: model, detector or device is not to be had.
    """

    def __init__(
        self,
        model: str | Path | Model = DEFAULT_MODEL,
        detector: str | Detector = DEFAULT_DETECTOR,
        device: str = 'cpu',
        backend: str = 'onnx',
        passes: int = 2,
        min_score: float = MIN_SCORE,
    ) -> None:
        if passes < 1:
            raise UserError(f'passes={passes}: at least 1 is needed')
        self.model = load_backend(model, backend, device)
        self.detector = build_detector(detector, device)
        self.passes, self.min_score = passes, min_score

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
        return self.keep_sure(self.look([loaded], [self.detector(loaded, name)])[0])

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
            found = [self.detector(image, name) for image, name in zip(loaded, names, strict=True)]
            yield from map(self.keep_sure, self.look(loaded, found))

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
        """Those of at least `min_score`; the surest where several are one face or parts of it."""
        sure = [face for face in faces if face.score >= self.min_score]
        boxes = [box_of_points(face.points) for face in sure]
        return [sure[index] for index in distinct(boxes, [face.score for face in sure], ONE_FACE)]

    def look(
        self, images: Sequence[np.ndarray], found: Sequence[Detections]
    ) -> list[list[FaceLandmarks]]:
        """Landmarks of what a detector found in each image, sure or not, in `passes`."""
        rolls = [one.rolls for one in found]
        return self.find(images, [one.boxes for one in found], self.passes, rolls)

    def find(
        self,
        images: Sequence[np.ndarray],
        boxes: Sequence[np.ndarray],
        passes: int = 1,
        rolls: Sequence[np.ndarray] | None = None,
    ) -> list[list[FaceLandmarks]]:
        """Landmarks in given boxes.

        Args:
            images: uint8 [H, W, 3], blue first.
            boxes: for each image [N, 4] x1, y1, x2, y2, px.
            passes: see the class.
            rolls: for each image [N] degrees by which each box is turned about its middle
                (`geometry.roll`); NaN where it is not known.

        Returns:
            For each image one face for each box, in their order, sure or not.
        """
        known = [np.full(len(own), np.nan) for own in boxes] if rolls is None else rolls
        places = [
            Place(image, np.asarray(box, float), float(np.nan_to_num(roll)))
            for image, own, own_rolls in zip(images, boxes, known, strict=True)
            for box, roll in zip(own, own_rolls, strict=True)
        ]
        faces = self._look(places)
        for _ in range(passes - 1):
            pairs = zip(places, faces, strict=True)
            faces = self._look([Place(place.image, *self.around(face)) for place, face in pairs])
        remaining = iter(faces)
        return [list(islice(remaining, len(own))) for own in boxes]

    def around(self, face: FaceLandmarks) -> tuple[np.ndarray, float]:
        """Where to look next: the box [4] round a face's points, turned with them, its roll."""
        roll = roll_of_points(face.points, self.info.schema)
        roll = face.roll if np.isnan(roll) else roll
        return turned_box_of_points(face.points, roll), roll

    def _look(self, places: Sequence[Place]) -> list[FaceLandmarks]:
        """One pass."""
        size, padding = self.info.input_size, self.info.padding
        faces: list[FaceLandmarks] = []
        for start in range(0, len(places), BATCH):
            part = places[start : start + BATCH]
            matrices = [crop_matrix(place.box, size, padding, place.roll) for place in part]
            crops = [
                cv2.cvtColor(crop_image(place.image, matrix, size), cv2.COLOR_BGR2RGB)
                for place, matrix in zip(part, matrices, strict=True)
            ]
            found = self.model(np.stack(crops))
            faces += [
                self._to_image(found, index, place, matrices[index])
                for index, place in enumerate(part)
            ]
        return faces

    def _to_image(
        self, found: CropLandmarks, index: int, place: Place, matrix: np.ndarray
    ) -> FaceLandmarks:
        """Face `index` of a batch, from pixels of its crop to pixels of its image."""
        back = invert(matrix)
        return FaceLandmarks(
            box=place.box,
            score=float(found.scores[index].mean()),
            points=transform_points(found.keypoints[index].astype(float), back),
            scores=found.scores[index],
            visibility=found.visibility[index],
            scales=found.scales[index] * matrix_scale(back),
            schema=self.info.schema.name,
            roll=place.roll,
        )
