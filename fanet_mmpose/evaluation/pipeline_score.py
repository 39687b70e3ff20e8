"""NME of what users call: crop, network and way back, without MMPose."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from tqdm import tqdm

from fanet_mmpose.datasets.annotations import FaceAnnotation, load_annotations
from fanet_mmpose.errors import UserError
from fanet_mmpose.geometry.nme import (
    ced_area,
    face_errors,
    failure_rate,
    mean_error,
    normalization_factors,
    point_errors,
    tight_boxes,
)
from fanet_mmpose.geometry.schemas import get_schema
from fanet_mmpose.pipeline.images import load_image
from fanet_mmpose.pipeline.landmarker import FaceLandmarker


def find_in_true_boxes(
    landmarker: FaceLandmarker, faces: Sequence[FaceAnnotation], image_root: Path
) -> np.ndarray:
    """Points [N, K, 2] px of annotated faces, each cropped round the tight box of its points."""
    found = []
    for face in tqdm(faces, desc='faces', disable=None):
        x, y, w, h = tight_boxes(face.points[None], face.visibility[None] > 0)[0]
        image = load_image(image_root / face.image)
        found.append(landmarker.find([image], [np.array([[x, y, x + w, y + h]])])[0][0].points)
    return np.stack(found)


def score_pipeline(
    landmarker: FaceLandmarker, annotations: Path, image_root: Path
) -> dict[str, float]:
    """NME, FR10 (both %) and AUC10 over the faces of a COCO-style file, true boxes, one pass.

    Raises:
        UserError: a file cannot be read, there are no faces, or they have other points than the
            model finds.
    """
    faces = list(load_annotations(annotations).values())
    schema = get_schema(landmarker.info.schema.name)
    wrong = [face.id for face in faces if len(face.points) != schema.num_points]
    if wrong or not faces:
        what = f'annotation {wrong[0]} has other points' if wrong else 'there are no faces'
        raise UserError(f'{annotations}: {what}; the model finds {schema.num_points}')
    truth = np.stack([face.points for face in faces])
    labelled = np.stack([face.visibility > 0 for face in faces])
    errors = point_errors(find_in_true_boxes(landmarker, faces, image_root), truth, labelled)
    factors = normalization_factors('inter_ocular', schema, truth, labelled)
    nme = face_errors(errors, factors)
    return dict(
        faces=len(faces),
        NME=round(100 * mean_error(nme), 4),
        FR10=round(100 * failure_rate(nme, 0.1), 4),
        AUC10=round(ced_area(nme, 0.1), 4),
    )
