"""Write a detector's boxes into an annotation file, for the detector's box protocol."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from fanet_mmpose.coco_file import read_pictures
from fanet_mmpose.datasets.annotations import read_annotation
from fanet_mmpose.errors import UserError
from fanet_mmpose.files import write_json
from fanet_mmpose.geometry.boxes import iou, tight_box
from fanet_mmpose.images import load_image

FIELD = 'bbox_detector'
Find = Callable[[np.ndarray, str], np.ndarray]
LEAST_OVERLAP = 0.3


@dataclass(frozen=True)
class DetectionCount:
    """How many annotated faces the detector found; overlaps are with the points' tight box."""

    faces: int
    found: int
    mean_overlap: float


def add_detector_boxes(
    source: Path, image_root: Path, out: Path, find: Find, field: str = FIELD
) -> DetectionCount:
    """Copy the annotations `source` to `out`, each face with the detector's box.

    A face takes the detection that overlaps the tight box of its points most, if by at least
    `LEAST_OVERLAP`; otherwise its `field` is null, which `FaceBox` reports or replaces.

    Args:
        source: COCO-style file.
        image_root: folder that its file names start from.
        out: file to write, all or nothing.
        find: image [H, W, 3] BGR and its path to boxes [N, 4] x1, y1, x2, y2 px.
        field: where the box goes, x, y, w, h in px.

    Raises:
        UserError: a file is missing or malformed.
    """
    content, _ = read_pictures(source)
    images = {image['id']: image for image in content['images']}
    known: dict[Any, np.ndarray] = {}
    best = []
    for annotation in tqdm(content['annotations'], desc=str(source), disable=None):
        image = images[annotation['image_id']]
        if image['id'] not in known:
            known = {image['id']: _detect(find, image_root / image['file_name'])}
        box, overlap = _match(known[image['id']], annotation, image)
        annotation[field] = box
        best.append(overlap)
    write_json(out, content)
    found = np.array([overlap for overlap in best if overlap >= LEAST_OVERLAP])
    return DetectionCount(len(best), len(found), float(found.mean()) if len(found) else 0.0)


def _detect(find: Find, path: Path) -> np.ndarray:
    try:
        picture = load_image(path)
    except UserError as error:
        raise UserError(f'{error}; is --image-root right?') from None
    return find(picture, str(path))


def _match(
    boxes: np.ndarray, annotation: Mapping[str, Any], image: Mapping[str, Any]
) -> tuple[list[float] | None, float]:
    face = read_annotation(annotation, image)
    shares = iou(tight_box(face.points, face.visibility > 0), boxes)
    if not shares.max(initial=0) >= LEAST_OVERLAP:
        return None, 0.0
    x1, y1, x2, y2 = boxes[shares.argmax()]
    return [round(float(v), 2) for v in (x1, y1, x2 - x1, y2 - y1)], float(shares.max())
