"""A numbered picture of each point set, on the drawn head's neutral face."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from fanet_mmpose.errors import UserError
from fanet_mmpose.geometry.schemas import PointSchema, convert, get_schema
from fanet_mmpose.synthetic.face_mesh import face_mesh

PART_COLORS = {
    'contour': '#4c72b0',
    'brows': '#8c613c',
    'eyes': '#2a7f3f',
    'nose': '#c44e52',
    'mouth': '#8172b3',
}
_WINGS = {'cofw29': (18, 19), 'aflw19': (12, 14)}


@cache
def _neutral_face() -> tuple[np.ndarray, np.ndarray]:
    """WFLW's points [98, 2] and the nose's wings [2, 2] seen from the front, mm, y down."""
    mesh = face_mesh()
    return mesh.vertices[mesh.landmarks, :2], mesh.vertices[mesh.wings, :2]


def neutral_face(schema: str) -> np.ndarray:
    """Points [K, 2] of a schema on the neutral frontal face, mm, y down, x to the right.

    Raises:
        UserError: the set cannot be placed there (a custom one).
    """
    points, wings = _neutral_face()
    if schema == 'lapa106':
        return _lapa_face(points, wings)
    placed = convert(points, 'wflw98', schema)
    for wing, index in enumerate(_WINGS.get(schema, ())):
        placed[index] = wings[wing]
    return placed


def _lapa_face(points: np.ndarray, wings: np.ndarray) -> np.ndarray:
    """LaPa's points: WFLW's, the eyes' centres, and three more points on each side of the nose."""
    # Beside the bridge, above the wing, on the wing; LaPa's pictures show them there.
    shares = np.array([0.35, 0.75, 1.0])
    left_side = points[51] + shares[:, None] * (wings[0] - points[51])
    left_side[0, 0] *= 1.6
    right_side = left_side[::-1] * [-1, 1]
    eye_centers = points[60:68].mean(axis=0), points[68:76].mean(axis=0)
    return np.concatenate(
        [
            points[:55],
            left_side,
            points[55:60],
            right_side,
            points[60:68],
            eye_centers[:1],
            points[68:76],
            eye_centers[1:],
            points[76:],
        ]
    )


def draw_schema(schema: PointSchema, points: np.ndarray) -> Figure:
    """Number every point [K, 2], y down, and join those that the skeleton joins."""
    figure = Figure(figsize=(9, 9), layout='constrained')
    axes = figure.add_subplot()
    for link in schema.skeleton:
        axes.plot(*points[list(link)].T, color='0.8', linewidth=1, zorder=1)
    offsets = _label_offsets(points, 8 if schema.num_points > 30 else 12)
    for part, members in schema.parts.items():
        color = PART_COLORS[part]
        x, y = points[list(members)].T
        axes.scatter(x, y, s=14, color=color, label=f'{part} ({len(members)})', zorder=2)
        for index in members:
            axes.annotate(
                str(index),
                points[index],
                offsets[index] * [1, -1],
                textcoords='offset points',
                fontsize=8 if schema.num_points > 30 else 12,
                color=color,
                ha='center',
                va='center',
            )
    axes.set_title(f'{schema.name}: {schema.num_points} points, numbered from 0')
    axes.legend(loc='lower right', frameon=False)
    axes.set_aspect('equal')
    axes.invert_yaxis()
    axes.set_axis_off()
    return figure


def _label_offsets(points: np.ndarray, distance: float) -> np.ndarray:
    """Where each number goes, [K, 2] typographic points from its point: away from the middle of
    the face, or away from a point that is so near that the numbers would cover each other."""
    away = points - points.mean(axis=0)
    between = points[:, None] - points
    gaps = np.linalg.norm(between, axis=-1) + np.diag(np.full(len(points), np.inf))
    nearest = gaps.argmin(axis=1)
    crowded = gaps.min(axis=1) < 0.03 * np.ptp(points)
    away[crowded] = between[np.arange(len(points)), nearest][crowded]
    return distance * away / np.maximum(np.linalg.norm(away, axis=1, keepdims=True), 1e-6)


def save_schema_pictures(folder: Path, names: tuple[str, ...]) -> list[Path]:
    """Write `<name>.png` of each schema into `folder`; returns the paths.

    Raises:
        UserError: an unknown schema, or one that cannot be placed on the neutral face.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name in names:
        try:
            figure = draw_schema(get_schema(name), neutral_face(name))
        except UserError as error:
            raise UserError(f'no picture of {name}: {error}') from None
        paths.append(folder / f'{name}.png')
        figure.savefig(paths[-1], dpi=100)
    return paths
