"""What `FaceLandmarks.score` is for faces and for non-faces: where `min_score` should be."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from tqdm import tqdm

from fanet_mmpose.datasets.annotations import load_annotations
from fanet_mmpose.errors import UserError
from fanet_mmpose.geometry.boxes import longer_side, tight_box
from fanet_mmpose.images import load_image
from fanet_mmpose.inference.landmarker import FaceLandmarker

CORNER = 0.25  # side of a picture's upper left corner, over its shorter side


def score_faces(
    landmarker: FaceLandmarker, annotations: Path, image_root: Path, side: float | None = None
) -> np.ndarray:
    """Scores [N] of annotated faces, looked at `landmarker.passes` times, true boxes first.

    Args:
        landmarker: asked.
        annotations: COCO-style file.
        image_root: folder of its file names.
        side: shrink each picture until the longer side of the face's box is that many px; None
            to leave pictures as they are.

    Raises:
        UserError: a file cannot be read, or there are no faces.
    """
    faces = list(load_annotations(annotations).values())
    if not faces:
        raise UserError(f'{annotations}: there are no faces')
    scores = []
    for face in tqdm(faces, desc='faces', disable=None):
        image = load_image(image_root / face.image)
        box = tight_box(face.points, face.visibility > 0)
        shrink = min(side / longer_side(box), 1.0) if side else 1.0
        small = cv2.resize(image, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA)
        scores.append(landmarker.find([small], [box[None] * shrink])[0][0].score)
    return np.array(scores)


def score_corners(landmarker: FaceLandmarker, annotations: Path, image_root: Path) -> np.ndarray:
    """Scores [N] of the upper left corners of the annotated pictures, where no face should be.

    Raises:
        UserError: as `score_faces`.
    """
    names = sorted({face.image for face in load_annotations(annotations).values()})
    if not names:
        raise UserError(f'{annotations}: there are no faces')
    scores = []
    for name in tqdm(names, desc='corners', disable=None):
        image = load_image(image_root / name)
        side = CORNER * min(image.shape[:2])
        box = np.array([[0.0, 0.0, side, side]])
        scores.append(landmarker.find([image], [box])[0][0].score)
    return np.array(scores)


def describe_scores(scores: np.ndarray) -> dict[str, float]:
    """`least`, `P1`, `P50`, `P99` and `most` of some scores, and how many there are."""
    low, middle, high = np.percentile(scores, (1, 50, 99))
    named = dict(least=scores.min(), P1=low, P50=middle, P99=high, most=scores.max())
    rounded = {name: round(float(value), 3) for name, value in named.items()}
    return dict(count=len(scores), **rounded)
