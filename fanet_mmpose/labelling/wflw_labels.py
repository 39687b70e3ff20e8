"""98 weighted points in WFLW's convention, from a machine's 98 and better labels of 68 of them.

A machine that learnt from WFLW marks WFLW's places, with errors. People's 68 points (or labels on
which two networks agree) have smaller errors and another convention. The convention is a linear map
of the face's shape (`correction`); brought to WFLW's, the 68 points move the machine's, and the 30
points between them move with their neighbours.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from fanet_mmpose.errors import UserError
from fanet_mmpose.files import read_json, write_json
from fanet_mmpose.geometry.schemas.conversions import convert, get_conversion
from fanet_mmpose.labelling.correction import Correction, fit_correction
from fanet_mmpose.labelling.weak_labels import EYES

BETWEEN_WEIGHT = 0.7  # of a point that no better label has, over that of its neighbours
# Points of WFLW's 98 that are none of the 68 -> the 68's points that they lie between.
BETWEEN: dict[int, tuple[int, ...]] = {
    **{i: (i // 2, i // 2 + 1) for i in range(1, 32, 2)},
    **{38 + i: (21 - i, 20 - i) for i in range(4)},
    **{50 - i: (22 + i, 23 + i) for i in range(4)},
    **{62: (37, 38), 66: (40, 41), 70: (43, 44), 74: (46, 47)},
    **{96: tuple(range(36, 42)), 97: tuple(range(42, 48))},
}


def spread_weights() -> np.ndarray:
    """[98, 68], rows sum to 1: what moves each of 98 points when the 68 move."""
    spread = get_conversion('wflw98', '300w68').weights.T.copy()
    for point, neighbours in BETWEEN.items():
        spread[point, list(neighbours)] = 1 / len(neighbours)
    return spread


def to_wflw(
    machine: np.ndarray, better: np.ndarray, weights: np.ndarray, convention: Correction
) -> tuple[np.ndarray, np.ndarray]:
    """98 points and their weights.

    Args:
        machine: [N, 98, 2] px.
        better: [N, 68, 2] px, in 300W's convention.
        weights: [N, 68] in [0, 1]; 0 where there is no better label.
        convention: from 300W's to WFLW's.

    Returns:
        points [N, 98, 2] px; weights [N, 98].
    """
    moved = convention(better) - convert(machine, 'wflw98', '300w68')
    moved = moved * (weights > 0)[..., None]
    spread = spread_weights()
    share = spread @ weights[..., None]
    share[:, list(BETWEEN)] *= BETWEEN_WEIGHT
    return machine + np.einsum('ps,nsd->npd', spread, moved), share[..., 0]


def fit_convention(people: Path, drawn: Path) -> Correction:
    """The map from people's convention to the machine's, from faces that have both.

    Args:
        people: annotation file with 68 points.
        drawn: JSON, annotation id -> 98 machine points of these faces.

    Raises:
        UserError: a file is missing or wrong, or too few faces have both.
    """
    content, machine = read_json(people), read_json(drawn)
    faces = [face for face in content['annotations'] if str(face['id']) in machine]
    truth, _ = _better(faces)
    points = np.array([machine[str(face['id'])] for face in faces], float).reshape(-1, 98, 2)
    return fit_correction(truth, convert(points, 'wflw98', '300w68'), EYES)


def _better(faces: Sequence[Mapping[str, Any]]) -> tuple[np.ndarray, np.ndarray]:
    points = np.array([face['keypoints'] for face in faces], float).reshape(-1, 68, 3)
    weights = np.array([face.get('point_weights', np.ones(68)) for face in faces], float)
    return points[..., :2], weights * (points[..., 2] > 0)


def add_wflw_labels(
    annotations: Path, machine: Mapping[str, Sequence[float]], convention: Correction, out: Path
) -> int:
    """Write an annotation file of 68 points again, with 98 under ``point_sets.wflw98``.

    Args:
        annotations: COCO-style file.
        machine: annotation id -> 98 machine points; faces without any are kept as they are.
        convention: from 300W's to WFLW's.
        out: file to write.

    Returns:
        Faces that got 98 points.

    Raises:
        UserError: the file is missing or wrong, or no face has machine points.
    """
    content = read_json(annotations)
    faces = [face for face in content['annotations'] if str(face['id']) in machine]
    if not faces:
        raise UserError(f'{annotations}: no face has machine points: give the file of this set')
    drawn = np.array([machine[str(face['id'])] for face in faces], float).reshape(-1, 98, 2)
    points, weights = to_wflw(drawn, *_better(faces), convention)
    flags = np.where(weights > 0, 2.0, 0.0)[..., None]
    for face, own, weight in zip(
        faces, np.concatenate([points.round(2), flags], -1), weights, strict=True
    ):
        label = dict(keypoints=own.ravel().tolist(), point_weights=weight.round(3).tolist())
        face['point_sets'] = dict(wflw98=label)
    write_json(out, content)
    return len(faces)


def machine_points(path: Path, weak: Path) -> dict[str, list[float]]:
    """Machine points of the faces of `make_weak_labels`' file: annotation id -> 196 numbers.

    Args:
        path: that file; an annotation's ``set`` names the weak set, and its id modulo a million
            is the id there.
        weak: folder with `annotations/NAME.json`.

    Raises:
        UserError: a file is missing or wrong.
    """
    faces = read_json(path)['annotations']
    sets = {}
    for name in {face['set'] for face in faces}:
        content = read_json(weak / 'annotations' / f'{name}.json')
        sets[name] = {face['id']: face['machine98'] for face in content['annotations']}
    return {str(face['id']): sets[face['set']][face['id'] % 1_000_000] for face in faces}
