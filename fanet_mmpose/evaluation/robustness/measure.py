"""Missed faces and errors of a subject on faces of one kind."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from fanet_mmpose.evaluation.robustness.faces import Face
from fanet_mmpose.evaluation.robustness.subjects import Subject
from fanet_mmpose.geometry.boxes import iou, tight_box

FOUND = 0.3  # overlap of the box of the points with the truth's from which a face is found
FAILED = 0.1  # error from which a found face counts as failed
EYES = (36, 45)  # outer corners, of the 68
INNER = 17  # the first point that is not on the contour

Row = dict[str, float | None]


def measure(subject: Subject, faces: Sequence[Face]) -> Row:
    """Through the whole pipeline and, where it can be asked, in the true box.

    Returns:
        `missed` (share), `nme68` and `nme51` (%, of the outer eye corners, over found faces),
        `fr10` (%, missed ones included), and the errors in the true box as `true_…`.
    """
    found = [_best(subject.find(face.image), face) for face in faces]
    row = {'faces': len(faces), 'missed': float(np.mean([one is None for one in found]))}
    row |= _errors(found, faces, '')
    inside = [subject.inside(face.image, face.box) for face in faces]
    return row if inside[0] is None else row | _errors(inside, faces, 'true_')


def measure_boxes(subject: Subject, faces: Sequence[Face], boxes: Iterable[np.ndarray]) -> Row:
    """Errors where the subject is told wrong boxes, one [4] for each face."""
    inside = [subject.inside(face.image, box) for face, box in zip(faces, boxes, strict=True)]
    return _errors(inside, faces, 'true_') if inside[0] is not None else {}


def false_faces(subject: Subject, backgrounds: Sequence[np.ndarray]) -> float:
    """Faces found a picture in which there is none."""
    return float(np.mean([len(subject.find(image)) for image in backgrounds]))


def _best(found: Sequence[np.ndarray], face: Face) -> np.ndarray | None:
    """The points whose box overlaps the face's most, if by `FOUND`."""
    shares = iou(face.box, [tight_box(points) for points in found])
    return found[int(shares.argmax())] if shares.max(initial=0) >= FOUND else None


def _errors(found: Sequence[np.ndarray | None], faces: Sequence[Face], prefix: str) -> Row:
    errors = [
        None if points is None else _face_errors(points, face)
        for points, face in zip(found, faces, strict=True)
    ]
    seen = np.array([error for error in errors if error is not None]).reshape(-1, 2)
    failed = [error is None or error[0] > FAILED for error in errors]
    means = [round(100 * float(value), 3) for value in seen.mean(0)] if len(seen) else [None] * 2
    return {
        f'{prefix}nme68': means[0],
        f'{prefix}nme51': means[1],
        f'{prefix}fr10': round(100 * float(np.mean(failed)), 3),
    }


def _face_errors(points: np.ndarray, face: Face) -> tuple[float, float]:
    """Mean error of all known points and of those off the contour, over the eye distance."""
    lengths = np.linalg.norm(points[face.indices] - face.points, axis=1)
    places = {index: place for place, index in enumerate(face.indices.tolist())}
    ends = [face.points[places[index]] for index in EYES]
    distance = float(np.linalg.norm(ends[1] - ends[0]))
    return lengths.mean() / distance, lengths[face.indices >= INNER].mean() / distance
