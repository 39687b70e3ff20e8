"""What is found of one face."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from fanet_mmpose.errors import UserError
from fanet_mmpose.geometry.boxes import nms, tight_box
from fanet_mmpose.geometry.roll import box_corners
from fanet_mmpose.geometry.schemas import get_conversion, get_schema, known_schemas
from fanet_mmpose.images import ImageSource, load_image

if TYPE_CHECKING:  # imported by the methods that need them: a face's points alone stay cheap
    from fanet_mmpose.applications.align import FaceAlignment
    from fanet_mmpose.applications.camera import Camera
    from fanet_mmpose.applications.measured import Measured
    from fanet_mmpose.applications.openness import Eyes, Openness
    from fanet_mmpose.applications.pose import HeadPose
    from fanet_mmpose.applications.regions import Regions

ARRAYS = ('box', 'points', 'scores', 'visibility', 'scales')  # fields of `FaceLandmarks`
# By number of points, for those who do not know our names.
SHORT_NAMES = {'98': 'wflw98', '68': '300w68', '51': '300w51', '49': '300w49', '5': 'mtfl5'}
UNSURE, SURE = np.array([0.0, 0, 255]), np.array([0.0, 255, 0])  # blue-first colours
BOX_COLOUR = (255, 160, 0)
# Intersection over the smaller of two tight boxes from which they show one face: two rough boxes of
# a face end on it, and a mouth seen from near has been taken for a face.
ONE_FACE = 0.75
SEEN = 0.5  # visibility from which a point is drawn filled


def full_schema_name(name: str) -> str:
    """``68`` -> ``300w68``; full names stay. Raises `UserError` for an unknown one."""
    full = SHORT_NAMES.get(name, name)
    if full not in known_schemas():
        raise UserError(
            f'unknown point schema {name!r}; one of {", ".join((*SHORT_NAMES, *known_schemas()))}'
        )
    return full


@dataclass(frozen=True, eq=False)
class FaceLandmarks:
    """One face; all coordinates are pixels of the original image, pixel centres at integers.

    Attributes:
        box: [4] x1, y1, x2, y2: where the network was told to look; may leave the image. It is
            turned by `roll` about its middle.
        score: in (0, 1), the mean of `scores`; low on what is no face.
        points: [K, 2] x, y; may leave the image.
        scores: [K] in (0, 1), the chance that a point is right within 2.5 % of the box.
        visibility: [K] in (0, 1), the chance that a point can be seen, see `inference.visibility`;
            equals `scores` for models of one's own that learnt none.
        scales: [K], expected error of each coordinate (its mean absolute value).
        schema: name of the point set.
        track_id: the same number for the same face in a video, else None.
        roll: degrees by which the face leans clockwise as one sees the picture, in [-180, 180): 0
            is upright, 90 a crown that points to the right.
        is_face: in (0, 1), the chance that it is a face at all, see `inference.face_chance`.
        measured: what `with_applications` found of it; stays when points are converted.
        network: `ModelInfo.name` of the network that found the points; not in `to_dict`.
    """

    box: np.ndarray
    score: float
    points: np.ndarray
    scores: np.ndarray
    visibility: np.ndarray
    scales: np.ndarray
    schema: str
    track_id: int | None = None
    roll: float = 0.0
    is_face: float = 1.0
    measured: Measured | None = None
    network: str | None = None

    def changed(self, **fields: Any) -> FaceLandmarks:
        """The same face with other values of these fields; quicker than `dataclasses.replace`.

        Raises:
            TypeError: there is no such field.
        """
        if unknown := fields.keys() - self.__dict__.keys():
            raise TypeError(f'a face has no {min(unknown)}')
        face = object.__new__(type(self))
        face.__dict__.update(self.__dict__, **fields)
        return face

    def to_dict(self, digits: int = 3) -> dict[str, Any]:
        """Plain lists and numbers, ready for JSON; what was measured under its own name."""
        arrays = {
            name: value.astype(float).round(digits).tolist()
            for name, value in vars(self).items()
            if isinstance(value, np.ndarray)
        }
        numbers = {
            name: round(getattr(self, name), digits) for name in ('score', 'roll', 'is_face')
        }
        fields = {**vars(self)}
        for name in ('measured', 'network'):
            del fields[name]
        measured = self.measured.to_dict(digits) if self.measured else {}
        return {**fields, **arrays, **numbers, **measured}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> FaceLandmarks:
        """The inverse of `to_dict`: a face of ``landmarks.json`` or of a video's ``.jsonl``.

        Which network found it and what was measured of it are not read: measure it again.

        Raises:
            UserError: a field is missing, or arrays do not fit the schema.
        """
        try:
            arrays = {name: np.array(values[name], float) for name in ARRAYS}
            numbers = {name: float(values[name]) for name in ('score', 'roll', 'is_face')}
            schema = full_schema_name(str(values['schema']))
        except (KeyError, TypeError, ValueError) as error:
            raise UserError(f'a face of a file of results: is none ({error!r})') from error
        count = get_schema(schema).num_points
        shapes = dict.fromkeys(ARRAYS, (count,)) | {'box': (4,), 'points': (count, 2)}
        for name, array in arrays.items():
            if array.shape != shapes[name]:
                raise UserError(
                    f'a face of a file of results: "{name}" has shape {list(array.shape)}, '
                    f'{schema} needs {list(shapes[name])}'
                )
        return cls(**arrays, **numbers, schema=schema, track_id=values.get('track_id'))

    def convert(self, schema: str) -> FaceLandmarks:
        """The same face in another point set: a schema's name, or ``'68'``, ``'51'``, ``'5'``.

        Raises:
            UserError: unknown set, or no conversion to it.
        """
        conversion = get_conversion(self.schema, full_schema_name(schema))
        per_point = {
            name: conversion(getattr(self, name)[:, None])[:, 0]
            for name in ('scores', 'visibility', 'scales')
        }
        return replace(self, points=conversion(self.points), schema=conversion.target, **per_point)

    def pose(self, camera: Camera | np.ndarray | None = None) -> HeadPose:
        """How the head is turned, see `applications.pose.head_pose`.

        Raises:
            UserError: no way to 68 points, or too few of them are known well enough.
        """
        from fanet_mmpose.applications.pose import head_pose

        face = self.convert('68')
        return head_pose(face.points, face.scales, face.visibility, camera)

    @property
    def eyes(self) -> Eyes:
        """How far both eyes are open, see `applications.openness`.

        Raises:
            UserError: as of `pose`.
        """
        from fanet_mmpose.applications.openness import eye_openness

        face = self.convert('68')
        return eye_openness(face.points, face.scales, face.visibility)

    @property
    def mouth(self) -> Openness:
        """How far the mouth is open, see `applications.openness`.

        Raises:
            UserError: as of `pose`.
        """
        from fanet_mmpose.applications.openness import mouth_openness

        face = self.convert('68')
        return mouth_openness(face.points, face.scales, face.visibility)

    def regions(self, coverage: float = 0.9, model: str | None = None) -> Regions:
        """Ellipses that hold the true points with this chance, see `applications.regions`.

        Args:
            coverage: 0.5 to 0.98.
            model: shipped model whose fit is taken; None: the one that found the points.

        Raises:
            UserError: no such coverage, no fit for the model, or no way to 68 points.
        """
        from fanet_mmpose.applications.regions import fit_of_network, point_regions

        face = self.convert('68')
        fit = model or fit_of_network(self.network)
        return point_regions(face.points, face.scales, face.visibility, coverage, fit)

    def align(self, size: int = 112, template: str = 'arcface') -> FaceAlignment:
        """The crop of face-recognition networks: `.crop(image)`, `.to_crop`, `.to_image`.

        Raises:
            UserError: unknown template, no size, or no way to five points.
        """
        from fanet_mmpose.applications.align import align_face

        return align_face(self.convert('5').points, size, template)

    def with_applications(self, names: Sequence[str]) -> FaceLandmarks:
        """The same face with `measured`: of ``pose``, ``eyes``, ``mouth`` those that are named.

        Raises:
            UserError: unknown name, or no way to 68 points.
        """
        from fanet_mmpose.applications.measured import measure

        face = self.convert('68')
        return replace(self, measured=measure(face.points, face.scales, face.visibility, names))

    def draw(self, image: ImageSource) -> np.ndarray:
        """A copy of the picture with box and points, green where sure, red where not.

        Points that are probably hidden are rings, the others discs. What was measured is there,
        too: the axes of the head, numbers below the box.

        Args:
            image: see `load_image`.

        Returns:
            uint8 [H, W, 3], blue first.
        """
        image = load_image(image).copy()
        radius = max(1, round(float((self.box[2:] - self.box[:2]).max()) / 90))
        corners = box_corners(self.box, self.roll).round().astype(np.int32)
        cv2.polylines(image, [corners], True, BOX_COLOUR, max(1, radius // 2), cv2.LINE_AA)
        for first, second in get_schema(self.schema).skeleton:
            ends = self.points[[first, second]].round().astype(int).tolist()
            cv2.line(image, *ends, (200, 200, 200), max(1, radius // 3), cv2.LINE_AA)
        for point, score, seen in zip(self.points, self.scores, self.visibility, strict=True):
            colour = confidence_colour(float(score))
            thickness = cv2.FILLED if seen >= SEEN else 1
            center = point.round().astype(int).tolist()
            cv2.circle(image, center, radius, colour, thickness, cv2.LINE_AA)
        if self.measured:
            below = np.array([corners[:, 0].min(), corners[:, 1].max()])
            image = self.measured.draw(image, below, float(self.box[3] - self.box[1]))
        return image


def confidence_colour(score: float) -> list[float]:
    """Blue-first colour of a point: red at score 0, green at 1."""
    return (UNSURE + (SURE - UNSURE) * score).tolist()


def nms_faces(
    faces: Sequence[FaceLandmarks],
    ranks: Sequence[float],
    boxes: Sequence[np.ndarray] | None = None,
) -> list[FaceLandmarks]:
    """Faces in their order, each once, and no parts of faces: of several, the highest rank stays.

    Args:
        faces: N.
        ranks: [N].
        boxes: [N, 4], the tight boxes of their points, where they are known.
    """
    if len(faces) < 2:
        return list(faces)
    boxes = [tight_box(face.points) for face in faces] if boxes is None else boxes
    return [faces[index] for index in sorted(nms(boxes, ranks, max_ios=ONE_FACE))]
