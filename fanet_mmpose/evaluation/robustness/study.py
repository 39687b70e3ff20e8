"""The whole bench: distortions by strength, turns of the head, wrong boxes, backgrounds."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from fanet_mmpose.errors import UserError
from fanet_mmpose.evaluation.robustness.distortions import DISTORTIONS, Distortion
from fanet_mmpose.evaluation.robustness.faces import Face, whole_face
from fanet_mmpose.evaluation.robustness.measure import Row, false_faces, measure, measure_boxes
from fanet_mmpose.evaluation.robustness.subjects import Subject

SHIFTS = (0, 0.1, 0.2, 0.3)  # of the true box, in shares of its side, in a direction of chance
SCALES = (1, 0.6, 0.8, 1.25, 1.6)

Curve = list[Row]  # a row for each level, with the key `level`
Tell = Callable[[str], None]


def study(
    subject: Subject,
    faces: Sequence[Face],
    turns: Mapping[str, Mapping[str, Sequence[Face]]],
    backgrounds: Sequence[np.ndarray],
    seed: int = 0,
    tell: Tell = lambda _: None,
) -> dict[str, Any]:
    """Everything of one subject.

    Args:
        subject: what is measured.
        faces: to distort, with all 68 points.
        turns: by kind and class, faces whose turn of the head is known.
        backgrounds: pictures without a face.
        seed: of what is drawn by chance; the same for every subject.
        tell: told the name of each curve when it begins.

    Returns:
        `curves` (rows by kind), `units` and `false_faces` a background picture.
    """
    curves: dict[str, Curve] = {}
    for name, distortion in DISTORTIONS.items():
        tell(name)
        curves[name] = [
            {'level': level, **measure(subject, distorted(faces, distortion, level, seed))}
            for level in sorted(distortion.levels)
        ]
    for name, classes in turns.items():
        tell(name)
        curves[name] = [
            {'level': float(level), **measure(subject, own)} for level, own in classes.items()
        ]
    tell('wrong boxes')
    curves |= _wrong_boxes(subject, faces, seed)
    units = {name: distortion.unit for name, distortion in DISTORTIONS.items()}
    units |= dict.fromkeys(turns, 'degrees, from') | {'box shift': 'share', 'box scale': 'times'}
    alone = false_faces(subject, backgrounds) if backgrounds else None
    return {'name': subject.name, 'curves': curves, 'units': units, 'false_faces': alone}


def distorted(faces: Sequence[Face], distortion: Distortion, level: float, seed: int) -> list[Face]:
    """The faces at one strength; what is drawn by chance depends on the seed and the face alone."""
    pairs = (
        distortion.apply(face.image, face.points, level, np.random.default_rng((seed, index)))
        for index, face in enumerate(faces)
    )
    return [whole_face(image, points) for image, points in pairs]


def _wrong_boxes(subject: Subject, faces: Sequence[Face], seed: int) -> dict[str, Curve]:
    angles = np.random.default_rng(seed).uniform(0, 2 * np.pi, len(faces))
    ways = np.stack([np.cos(angles), np.sin(angles)], -1)

    def row(level: float, shift: float, scale: float) -> Row:
        boxes = (wrong_box(f.box, way * shift, scale) for f, way in zip(faces, ways, strict=True))
        return {'level': level, **measure_boxes(subject, faces, boxes)}

    return {
        'box shift': [row(shift, shift, 1.0) for shift in SHIFTS],
        'box scale': [row(scale, 0.0, scale) for scale in sorted(SCALES)],
    }


def wrong_box(box: np.ndarray, shift: np.ndarray, scale: float) -> np.ndarray:
    """A box [4] moved by shares [2] of its longer side and scaled about its middle."""
    half = (box[2:] - box[:2]) / 2
    middle = (box[:2] + box[2:]) / 2 + shift * 2 * half.max()
    return np.concatenate([middle - half * scale, middle + half * scale])


def earlier_studies(path: Path, how: Mapping[str, str]) -> list[dict[str, Any]]:
    """The studies of a `robustness.json` of an earlier run, to be drawn beside those of this one.

    Args:
        path: of the file.
        how: faces and settings of this run, as text.

    Raises:
        UserError: the file is missing, no such report, or was measured on other faces.
    """
    try:
        report = json.loads(path.read_text(encoding='utf-8'))
        own, studies = report['how'], report['studies']
        other = [name for name, value in how.items() if own[name] != value]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UserError(f'{path}: is missing or no robustness.json of robustness.py') from error
    if other:
        name = other[0]
        raise UserError(
            f'{path}: was measured with {name} {own[name]}, this run has {how[name]}: curves side '
            'by side need the same faces'
        )
    return studies
