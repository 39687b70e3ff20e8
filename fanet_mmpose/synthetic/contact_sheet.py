"""Sheets of drawn faces, to look at what the generator does."""

from __future__ import annotations

import cv2
import numpy as np

from fanet_mmpose.synthetic.renderer import SyntheticFace, render_face
from fanet_mmpose.synthetic.variety import Variety

_SEEN, _HIDDEN = (60, 220, 60), (60, 60, 240)


def mark_points(face: SyntheticFace, schema: str) -> np.ndarray:
    """The picture [H, W, 3] with visible points in green, hidden ones in red."""
    picture = face.image.copy()
    radius = max(6, round(8 * picture.shape[0] / 180))  # eighths of a pixel
    for point, seen in zip(*face.points.to_schema(schema), strict=True):
        centre = np.rint(point * 8).astype(int).tolist()
        cv2.circle(picture, centre, radius, _SEEN if seen else _HIDDEN, -1, cv2.LINE_AA, shift=3)
    return picture


def draw_sheet(
    rows: int, columns: int, seed: int, size: int, variety: Variety, schema: str | None
) -> np.ndarray:
    """A sheet [rows * size, columns * size, 3]; with a schema, points on the last row."""
    faces = [render_face((seed, 0, index), size, variety) for index in range(rows * columns)]
    pictures = [face.image for face in faces]
    if schema is not None:
        pictures[-columns:] = [mark_points(face, schema) for face in faces[-columns:]]
    lines = [np.hstack(pictures[row * columns : (row + 1) * columns]) for row in range(rows)]
    return np.vstack(lines)
