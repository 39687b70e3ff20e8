"""Bring one set's labels to another set's annotation convention.

Two sets of the same points differ by definition: where along the outline a point is, how high a
brow. A model of the one set errs on the other by this annotation bias, which depends on little but
pose and expression, and by errors of its own, which do not. A regression of its errors on the
shape separates the two; the bias is subtracted from the labels.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from fanet_mmpose.errors import UserError
from fanet_mmpose.evaluation.error_split import face_frames
from fanet_mmpose.evaluation.results_file import load_results
from fanet_mmpose.files import read_json, write_json

LEAST_FACES = 50  # for the regression to mean anything
WILD = 0.15  # mean error, in eye distances, from which a face is no part of the regression


@dataclass(frozen=True)
class Harmonized:
    """N faces of K points.

    Attributes:
        points: [N, K, 2] px, the new labels.
        before: [N] mean distance of the labels from the prediction, in eye distances.
        after: [N] the same once the annotation bias is removed.
    """

    points: np.ndarray
    before: np.ndarray
    after: np.ndarray


def shape_cues(shapes: np.ndarray, used: np.ndarray, count: int) -> np.ndarray:
    """A constant and principal components of shapes [N, K, 2], learnt from the `used`: [N, C+1]."""
    flat = shapes.reshape(len(shapes), -1)
    flat = flat - flat[used].mean(0)
    axes = np.linalg.svd(flat[used], full_matrices=False)[2][:count]
    return np.hstack([np.ones((len(flat), 1)), flat @ axes.T])


def harmonize(
    predicted: np.ndarray,
    labels: np.ndarray,
    eyes: tuple[int, int],
    cues: int = 6,
    trust: float = 0.5,
) -> Harmonized:
    """Labels without their set's annotation bias, moved towards the prediction.

    Args:
        predicted: [N, K, 2] px, of a model of the set whose convention is wanted.
        labels: [N, K, 2] px.
        eyes: outer corners, image-left first; their distance in the prediction is the unit.
        cues: principal components of the shape that the bias may depend on.
        trust: share of the label in the result; 1 keeps its noise, 0 leaves the prediction.

    Raises:
        UserError: fewer than `LEAST_FACES` are predicted within `WILD` of their labels.
    """
    turns, unit = face_frames(predicted, *eyes)
    scaled = turns / unit[:, None, None]
    disagreement = np.einsum('nij,nkj->nki', scaled, labels - predicted)
    before = np.linalg.norm(disagreement, axis=-1).mean(1)
    used = before < WILD
    if used.sum() < LEAST_FACES:
        raise UserError(
            f'{used.sum()} of {len(labels)} faces are predicted within {WILD:.0%} of the eye '
            f'distance, and {LEAST_FACES} are needed: is the model one of the same points?'
        )
    shapes = np.einsum('nij,nkj->nki', scaled, predicted - predicted.mean(1, keepdims=True))
    known = shape_cues(shapes, used, cues)
    weights = np.linalg.lstsq(known[used], disagreement[used].reshape(used.sum(), -1), rcond=None)
    bias = (known @ weights[0]).reshape(disagreement.shape)
    rest = disagreement - bias
    back = turns.transpose(0, 2, 1) * unit[:, None, None]  # rotations: the transpose turns back
    points = predicted + trust * np.einsum('nij,nkj->nki', back, rest)
    return Harmonized(points, before, np.linalg.norm(rest, axis=-1).mean(1))


def harmonize_file(
    results_path: Path, annotations: Path, out: Path, trust: float = 0.5
) -> Harmonized:
    """Write a COCO-style file with harmonized `keypoints`; all else as in `annotations`.

    Args:
        results_path: predictions for these faces, a results file.
        annotations: COCO-style file.
        out: file to write.
        trust: see `harmonize`.

    Raises:
        UserError: a file cannot be read or does not fit the other, a point has no label, a face
            was not found, the point set has no eye corners, or as `harmonize`.
    """
    if not 0 <= trust <= 1:
        raise UserError(f'--trust {trust:g}: must be from 0 to 1')
    results = load_results(results_path, annotations)
    corners = results.schema.eye_corners
    if corners is None:
        raise UserError(f'{annotations}: the points of {results.schema.name} have no eye corners')
    incomplete = results.missed | ~results.labelled.all(1)
    if incomplete.any():
        face = results.ids[int(np.argmax(incomplete))]
        raise UserError(f'{annotations}: annotation {face} lacks a label or a prediction')
    eyes = tuple(group[0] for group in corners)
    made = harmonize(results.predicted, results.truth, eyes, trust=trust)
    content = read_json(annotations, 'COCO-style annotation file')
    points = dict(zip(results.ids, made.points, strict=True))
    for face in content['annotations']:
        labelled = np.array(face['keypoints'], float).reshape(-1, 3)
        labelled[:, :2] = points[face['id']]
        face['keypoints'] = labelled.ravel().round(3).tolist()
    write_json(out, content)
    return made
