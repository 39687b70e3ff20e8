"""Measure a detector on annotated faces: its box mapping, recall and time."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from fanet_mmpose.errors import UserError
from fanet_mmpose.pipeline.boxes import overlap
from fanet_mmpose.pipeline.detectors.box_mapping import BoxMapping, fit_mapping
from fanet_mmpose.pipeline.detectors.detector import Detections
from fanet_mmpose.pipeline.images import load_image

PIXELS_PER_SCALE = 200  # of the annotations' `scale`, as MMPose's face datasets have it
HIT = 0.5  # overlap from which a box is the face


@dataclass(frozen=True, eq=False)
class AnnotatedFace:
    """A picture's path and the tight box [4] of its face, px."""

    path: Path
    box: np.ndarray


@dataclass(frozen=True)
class Study:
    """What was measured.

    Attributes:
        mapping: medians over the faces that were hit.
        faces: pictures seen, one face each.
        recall: share of faces with a box of overlap ≥ 0.5.
        false_boxes: other boxes per picture.
        overlap: mean over the faces that were hit.
        milliseconds: median per picture.
    """

    mapping: BoxMapping
    faces: int
    recall: float
    false_boxes: float
    overlap: float
    milliseconds: float


def annotated_faces(root: str | Path, split: str, limit: int = 0) -> Iterator[AnnotatedFace]:
    """Faces of ``root/annotations/split.json``, evenly chosen if `limit` is given.

    Raises:
        UserError: the file is missing or no annotation file.
    """
    path = Path(root) / 'annotations' / f'{split}.json'
    try:
        content = json.loads(path.read_text(encoding='utf-8'))
        names = {image['id']: image['file_name'] for image in content['images']}
        faces = content['annotations']
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UserError(f'{path}: is missing or no COCO-style annotation file') from error
    chosen = np.unique(np.linspace(0, len(faces) - 1, limit or len(faces)).astype(int))
    for face in (faces[index] for index in chosen):
        half = face['scale'] * PIXELS_PER_SCALE / 2
        center = np.array(face['center'], float)
        yield AnnotatedFace(
            Path(root) / names[face['image_id']], np.concatenate([center - half, center + half])
        )


def study(
    detect: Callable[[np.ndarray], Detections],
    faces: Iterable[AnnotatedFace],
    hit: float = HIT,
) -> Study:
    """Run a detector over pictures with one annotated face each.

    Args:
        detect: a detector; to fit a mapping, one whose own mapping is none.
        faces: where to look.
        hit: overlap from which a box is the face; lower it to fit a mapping.

    Raises:
        UserError: not one face was found.
    """
    found, truth, overlaps, times = [], [], [], []
    seen = extra = 0
    for face in faces:
        image = load_image(face.path)
        start = time.perf_counter()
        boxes = detect(image).boxes
        times.append(time.perf_counter() - start)
        shares = [overlap(box, [face.box]) for box in boxes]
        best = int(np.argmax(shares)) if shares else -1
        is_hit = bool(shares) and shares[best] >= hit
        seen, extra = seen + 1, extra + len(boxes) - is_hit
        if is_hit:
            found.append(boxes[best])
            truth.append(face.box)
            overlaps.append(shares[best])
    if not found:
        raise UserError(f'not one of {seen} faces was found: is the data where it should be?')
    return Study(
        mapping=fit_mapping(np.stack(found), np.stack(truth)),
        faces=seen,
        recall=len(found) / seen,
        false_boxes=extra / seen,
        overlap=float(np.mean(overlaps)),
        milliseconds=float(np.median(times) * 1000),
    )
