"""NME of what users call: crop, network and way back, without MMPose."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from tqdm import tqdm

from fanet_mmpose.datasets.annotations import FaceAnnotation, load_annotations
from fanet_mmpose.errors import UserError
from fanet_mmpose.geometry.boxes import iou, tight_box
from fanet_mmpose.geometry.nme import (
    ced_area,
    face_errors,
    failure_rate,
    mean_error,
    normalization_factors,
    point_errors,
)
from fanet_mmpose.geometry.schemas import get_schema
from fanet_mmpose.images import load_image
from fanet_mmpose.inference.landmarker import FaceLandmarker

FOUND = 0.3  # overlap from which a detector's box is the face's


def find_in_true_boxes(
    landmarker: FaceLandmarker, faces: Sequence[FaceAnnotation], image_root: Path
) -> np.ndarray:
    """Points [N, K, 2] px of annotated faces, each cropped round the tight box of its points."""
    found = []
    for face in tqdm(faces, desc='faces', disable=None):
        image = load_image(image_root / face.image)
        box = tight_box(face.points, face.visibility > 0)
        found.append(landmarker.find([image], [box[None]], passes=1)[0][0].points)
    return np.stack(found)


def score_inference(
    landmarker: FaceLandmarker, annotations: Path, image_root: Path
) -> dict[str, float]:
    """NME, FR10 (both %) and AUC10 over the faces of a COCO-style file, true boxes, one pass.

    Raises:
        UserError: a file cannot be read, there are no faces, or they have other points than the
            model finds.
    """
    faces = _faces(landmarker, annotations)
    nme = _nme(landmarker, faces, find_in_true_boxes(landmarker, faces, image_root))
    return dict(
        faces=len(faces),
        NME=round(100 * mean_error(nme), 4),
        FR10=round(100 * failure_rate(nme, 0.1), 4),
        AUC10=round(ced_area(nme, 0.1), 4),
    )


def score_detected(
    landmarker: FaceLandmarker, annotations: Path, image_root: Path, most_passes: int = 3
) -> dict[str, float]:
    """What the detector's boxes cost: NME in % over the faces that it finds.

    Args:
        landmarker: its `passes` are used for `others` alone.
        annotations: COCO-style file.
        image_root: folder of its file names.
        most_passes: `NME_passes_1` up to this many.

    Returns:
        `faces`, `found` (a box overlaps the tight box by `FOUND`), `others` (what the landmarker
        takes for faces elsewhere, a picture), `NME_true_boxes` over those found, and
        `NME_passes_N` over the same.

    Raises:
        UserError: as `score_inference`, or nothing was found.
    """
    faces = _faces(landmarker, annotations)
    found, kept, others = [], [], 0
    for face in tqdm(faces, desc='faces', disable=None):
        image = load_image(image_root / face.image)
        box = tight_box(face.points, face.visibility > 0)
        detected = landmarker.detector(image, face.image)
        boxes = detected.boxes
        seen = landmarker.keep_sure(landmarker.look([image], [detected])[0])
        others += int((iou(box, [tight_box(one.points) for one in seen]) < FOUND).sum())
        shares = iou(box, boxes)
        if shares.max(initial=0) < FOUND:
            continue
        index = [int(np.argmax(shares))]
        best, rolls = boxes[index], detected.rolls[index]
        looks = [landmarker.find([image], [box[None]], passes=1)[0][0].points]
        for passes in range(1, most_passes + 1):
            looks.append(landmarker.find([image], [best], passes, [rolls])[0][0].points)
        found.append(looks)
        kept.append(face)
    if not kept:
        raise UserError(f'{annotations}: the detector found none of {len(faces)} faces')
    names = ['NME_true_boxes', *(f'NME_passes_{n}' for n in range(1, most_passes + 1))]
    points = np.stack(found)  # [faces, looks, K, 2]
    scores = {
        name: round(100 * mean_error(_nme(landmarker, kept, points[:, index])), 4)
        for index, name in enumerate(names)
    }
    return dict(faces=len(faces), found=len(kept), others=round(others / len(faces), 4), **scores)


def _faces(landmarker: FaceLandmarker, annotations: Path) -> list[FaceAnnotation]:
    faces = list(load_annotations(annotations).values())
    count = landmarker.info.schema.num_points
    wrong = [face.id for face in faces if len(face.points) != count]
    if wrong or not faces:
        what = f'annotation {wrong[0]} has other points' if wrong else 'there are no faces'
        raise UserError(f'{annotations}: {what}; the model finds {count}')
    return faces


def _nme(
    landmarker: FaceLandmarker, faces: Sequence[FaceAnnotation], points: np.ndarray
) -> np.ndarray:
    """Of each face, by the distance of the outer eye corners."""
    truth = np.stack([face.points for face in faces])
    labelled = np.stack([face.visibility > 0 for face in faces])
    schema = get_schema(landmarker.info.schema.name)
    factors = normalization_factors('inter_ocular', schema, truth, labelled)
    return face_errors(point_errors(points, truth, labelled), factors)
