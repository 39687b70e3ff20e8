"""Faces annotated with five points get the 68 of a landmark model, where both agree."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from rich.progress import track

from fanet_mmpose.datasets.annotations import FaceAnnotation, load_annotations
from fanet_mmpose.errors import UserError
from fanet_mmpose.files import write_json
from fanet_mmpose.geometry.boxes import tight_box
from fanet_mmpose.geometry.schemas import get_conversion
from fanet_mmpose.images import load_image
from fanet_mmpose.inference.detectors.box_mapping import BoxMapping
from fanet_mmpose.inference.landmarker import FaceLandmarker
from projects.face_detector.scenes.face_sources import SCHEMA

FEW = 'mtfl5'
# From the box of the 5 points to that of all 68: medians over 300w train.
ROUGH_BOX = BoxMapping(dx=0.0, dy=0.14, scale=2.02)
LARGEST_GAP = 0.08  # mean distance of the 5 points, in sides of the box of the 68
PASSES = 2
SURE = 0.61  # least mean score of the points; of 673 val faces all have more


def complete_points(ann_file: Path, root: Path, out: Path, model: str) -> int:
    """Write annotations with 68 points for a file with 5.

    Faces are left out where the model is unsure or finds the 5 points elsewhere: either is wrong.

    Args:
        ann_file: COCO-style, points of the left and right eye, nose and corners of the mouth.
        root: folder that its file names start from.
        out: file to write.
        model: name of shipped weights for 68 points.

    Returns:
        How many faces were kept.

    Raises:
        UserError: a file is missing or malformed, or not one face was kept.
    """
    landmarker = FaceLandmarker(model, 'whole_image')
    faces = list(load_annotations(ann_file).values())
    images, annotations = [], []
    for face in track(faces, description=f'68 points for {root.name}'):
        points = _find(landmarker, face, root)
        if points is None:
            continue
        number = len(images)
        flat = np.concatenate([points, np.ones((len(points), 1))], 1).round(2).ravel()
        images.append({'id': number, 'file_name': face.image})
        annotations.append({'id': number, 'image_id': number, 'keypoints': flat.tolist()})
    if not images:
        raise UserError(f'{ann_file}: the model agrees with not one of {len(faces)} faces')
    write_json(out, {'images': images, 'annotations': annotations})
    return len(images)


def _find(landmarker: FaceLandmarker, face: FaceAnnotation, root: Path) -> np.ndarray | None:
    """The 68 points [68, 2] of a face, or None."""
    box = ROUGH_BOX(tight_box(face.points))
    found = landmarker.find([load_image(root / face.image)], [box], PASSES)[0][0]
    low, high = tight_box(found.points).reshape(2, 2)
    again = get_conversion(SCHEMA, FEW)(found.points)
    gap = np.linalg.norm(again - face.points, axis=1).mean() / max(high - low)
    sure = found.score >= SURE and gap <= LARGEST_GAP
    return found.points if sure else None
