"""Turns MakeHuman's mesh into the arrays of `human_head.npz`."""

from __future__ import annotations

import numpy as np

from fanet_mmpose.synthetic.human_head import (
    EAR,
    GUM,
    LEFT_EYE,
    LOWER_TEETH,
    RIGHT_EYE,
    SKIN,
    TONGUE,
    UPPER_TEETH,
)
from fanet_mmpose.synthetic.human_points import OPEN, fit_chart, place_points
from fanet_mmpose.synthetic.human_source import HumanSource

_PARTS = {
    'body': SKIN, 'helper-upper-teeth': UPPER_TEETH, 'helper-lower-teeth': LOWER_TEETH,
    'helper-tongue': TONGUE, 'helper-r-eye': RIGHT_EYE, 'helper-l-eye': LEFT_EYE,
}  # fmt: skip
_PUPIL_DISTANCE = 62.0
_EYE_DEPTH = -24.0
_MM_PER_DM = 100.0
_STEPS_PER_DM = 1e4  # moves are whole hundredths of a millimetre
_FLIP_Y = np.array([1, -1, 1])


def _parts(source: HumanSource) -> np.ndarray:
    part = np.zeros(len(source.vertices), dtype=int)
    for group, code in _PARTS.items():
        part[np.unique(source.triangles[source.group == group])] = code
    skin = part == SKIN
    part[skin & (source.masks['ears'] > 100)] = EAR
    mouth = (source.masks['inside-mouth'] > 128) & (source.masks['lips'] <= 128)
    part[skin & mouth & (part == SKIN)] = GUM
    return part


def _eye_middles(vertices: np.ndarray, part: np.ndarray) -> np.ndarray:
    """Of the right and the left eye [2, 3]."""
    return np.array([vertices[part == code].mean(axis=0) for code in (RIGHT_EYE, LEFT_EYE)])


def _mean_head(source: HumanSource, part: np.ndarray, **actions: float) -> np.ndarray:
    """Vertices [V, 3] mm of the mean young adult, y down, the middle of the eyeballs at zero."""
    people = [
        source.moves[f'macro/{race}-{sex}-young']
        for race in ('african', 'asian', 'caucasian')
        for sex in ('female', 'male')
    ]
    still = source.vertices + np.mean(people, axis=0)
    eyes = _eye_middles(still, part)
    scale = _PUPIL_DISTANCE / np.linalg.norm(eyes[0] - eyes[1])
    moved = still + sum(value * source.moves[f'fu/{name}'] for name, value in actions.items())
    return (moved - eyes.mean(axis=0)) * scale * _FLIP_Y


def _split_seams(
    triangles: np.ndarray, part: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Copy the vertices where the paint of ears and mouth meets that of the skin.

    Returns:
        Triangles, the vertex that each vertex is a copy of, and the parts with the copies.
    """
    triangles, copy_of = triangles.copy(), np.arange(len(part))
    for code in (EAR, GUM):
        rows = (part[triangles] == code).any(axis=1)
        border = np.unique(triangles[rows][part[triangles[rows]] != code])
        renamed = np.arange(len(copy_of))
        renamed[border] = len(copy_of) + np.arange(len(border))
        triangles[rows] = renamed[triangles[rows]]
        copy_of = np.concatenate([copy_of, copy_of[border]])
        part = np.concatenate([part, np.full(len(border), code)])
    return triangles, copy_of, part


def _whole_steps(move: np.ndarray, eyes: np.ndarray) -> np.ndarray:
    """A move [V, 3] dm relative to that of the eyes, y down, in the file's steps."""
    move = move - move[eyes].mean(axis=0)
    return np.round(np.where(np.abs(move) < 2e-4, 0, move) * _FLIP_Y * _STEPS_PER_DM).astype(
        np.int16
    )


def build_human_head(source: HumanSource) -> dict[str, np.ndarray]:
    """The arrays of the file.

    Returns:
        ``vertices`` [S, 3] float32 mm; ``triangles`` [F, 3], clockwise with y down; ``part`` [S];
        ``chart`` [S, 2] mm; ``twin`` [S] the vertex that this one is a copy of; ``names`` and
        ``moves`` [M, S, 3] int16, hundredths of a mm; ``named`` and ``shares`` [P, 3] of the
        points on the skin.
    """
    part = _parts(source)
    mean = _mean_head(source, part)
    of_body = source.group == 'body'
    skin = source.triangles[of_body & ~(part[source.triangles] == EAR).any(axis=1)]
    opened = _mean_head(source, part, jawOpen=OPEN)
    points = place_points(mean, opened, skin, source.mirror)
    chart = fit_chart(mean, points)
    order = np.argsort(part, kind='stable')
    place = np.argsort(order)
    part = part[order]
    triangles = place[source.triangles][:, ::-1]
    triangles = triangles[~np.isin(part[triangles[:, 0]], (RIGHT_EYE, LEFT_EYE))]
    triangles, twin, parts = _split_seams(triangles, part)
    eyes = np.isin(part, (RIGHT_EYE, LEFT_EYE))
    moves = {name: _whole_steps(move[order], eyes) for name, move in source.moves.items()}
    moves = {name: move[twin] for name, move in moves.items() if np.abs(move).max() > 10}
    vertices = source.vertices[order]
    vertices = (vertices - vertices[eyes].mean(axis=0)) * _MM_PER_DM * _FLIP_Y
    vertices[:, 2] += _EYE_DEPTH
    return {
        'vertices': vertices[twin].astype(np.float32),
        'triangles': triangles.astype(np.int16),
        'part': parts.astype(np.uint8),
        'chart': chart[order][twin].astype(np.float32),
        'twin': twin.astype(np.int16),
        'names': np.array(list(moves)),
        'moves': np.stack(list(moves.values())),
        'named': place[np.array([point.corners for point in points])].astype(np.int16),
        'shares': np.array([point.shares for point in points], dtype=np.float32),
    }
