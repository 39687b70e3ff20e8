"""Measure a detector on annotated faces: its box mapping, recall and time."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from fanet_mmpose.coco_file import check_numbers, read_pictures
from fanet_mmpose.errors import UserError
from fanet_mmpose.geometry.boxes import iou
from fanet_mmpose.images import load_image
from fanet_mmpose.inference.detectors.box_mapping import BoxMapping, fit_mapping
from fanet_mmpose.inference.detectors.detector import Detector
from fanet_mmpose.inference.detectors.recall_curve import first_hits, recall_at

PIXELS_PER_SCALE = 200  # of the annotations' `scale`, as MMPose's face datasets have it
HIT = 0.5  # overlap from which a box is the face
RATES = (0.01, 0.1, 1.0)  # false boxes a picture at which detectors are compared


@dataclass(frozen=True, eq=False)
class AnnotatedFace:
    """A picture's path and the tight box [4] of its face, px."""

    path: Path
    box: np.ndarray


@dataclass(frozen=True)
class Study:
    """What was measured.

    Attributes:
        mapping: medians over the faces that were hit; None if none was.
        faces: pictures seen, one face each.
        recall: share of faces with a box of overlap ≥ 0.5.
        false_boxes: other boxes per picture.
        overlap: mean over the faces that were hit; 0 if none was.
        milliseconds: of CPU time, median per picture; of wall clock, if one thread works.
        recalls: by false boxes a picture, at the threshold that allows as many (`RATES`).
    """

    mapping: BoxMapping | None
    faces: int
    recall: float
    false_boxes: float
    overlap: float
    milliseconds: float
    recalls: Mapping[float, float]


def annotated_faces(root: str | Path, split: str, limit: int = 0) -> Iterator[AnnotatedFace]:
    """Faces of ``root/annotations/split.json``, evenly chosen if `limit` is given.

    Raises:
        UserError: the file is missing or no annotation file.
    """
    path = Path(root) / 'annotations' / f'{split}.json'
    content, names = read_pictures(path)
    faces = content['annotations']
    if not faces:
        raise UserError(f'{path}: has no annotation')
    chosen = np.unique(np.linspace(0, len(faces) - 1, limit or len(faces)).astype(int))
    for face in (faces[index] for index in chosen):
        check_numbers(face, str(path), scale=1, center=2)
        half = face['scale'] * PIXELS_PER_SCALE / 2
        center = np.array(face['center'], float)
        yield AnnotatedFace(
            Path(root) / names[face['image_id']], np.concatenate([center - half, center + half])
        )


def study(detect: Detector, faces: Iterable[AnnotatedFace], hit: float = HIT) -> Study:
    """Run a detector over pictures with one annotated face each.

    Args:
        detect: a detector.
        faces: where to look, at least one.
        hit: overlap from which a box is the face.
    """
    looks = [_look(detect, face) for face in faces]
    hits = [look for look in looks if look.best >= hit]
    scores = np.concatenate([look.scores for look in looks])
    right = np.concatenate([first_hits(look.scores, look.overlaps, hit) for look in looks])
    return Study(
        mapping=_mapping(hits),
        faces=len(looks),
        recall=len(hits) / len(looks),
        false_boxes=(len(scores) - len(hits)) / len(looks),
        overlap=float(np.mean([look.best for look in hits])) if hits else 0.0,
        milliseconds=float(np.median([look.seconds for look in looks]) * 1000),
        recalls={rate: recall_at(scores, right, len(looks), rate) for rate in RATES},
    )


def fit(detect: Detector, faces: Iterable[AnnotatedFace], hit: float = 0.2) -> BoxMapping:
    """From a detector's boxes to tight ones.

    Args:
        detect: a detector whose own mapping is none.
        faces: to learn from.
        hit: overlap from which a box is the face, low because boxes are not mapped yet.

    Raises:
        UserError: not one face was found.
    """
    seen = study(detect, faces, hit)
    if seen.mapping is None:
        raise UserError(f'not one of {seen.faces} faces was found: is the data where it should be?')
    return seen.mapping


@dataclass(frozen=True, eq=False)
class _Look:
    """What a detector found in one picture: boxes [N, 4], scores and overlaps with the face [N]."""

    truth: np.ndarray
    boxes: np.ndarray
    scores: np.ndarray
    overlaps: np.ndarray
    seconds: float

    @property
    def best(self) -> float:
        return float(self.overlaps.max(initial=0))


def _mapping(hits: Sequence[_Look]) -> BoxMapping | None:
    if not hits:
        return None
    found = np.stack([look.boxes[look.overlaps.argmax()] for look in hits])
    return fit_mapping(found, np.stack([look.truth for look in hits]))


def _look(detect: Detector, face: AnnotatedFace) -> _Look:
    image = load_image(face.path)
    start = time.process_time()
    found = detect(image, str(face.path))
    seconds = time.process_time() - start
    overlaps = iou(face.box, found.boxes)
    return _Look(face.box, found.boxes, found.scores, overlaps, seconds)
