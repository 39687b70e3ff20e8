"""The skin as triangles over the chart, with openings for the eyes and the mouth."""

from __future__ import annotations

import cv2
import numpy as np
from scipy.spatial import Delaunay, cKDTree

from fanet_mmpose.synthetic.head_surface import BACK_U
from fanet_mmpose.synthetic.landmark_curves import MIRROR, landmark_curves


def _grid(spacing: float, box: tuple[float, float, float, float]) -> np.ndarray:
    """Staggered grid over u0, u1, v0, v1 with u >= 0."""
    u0, u1, v0, v1 = box
    rows = np.arange(v0, v1 + 1e-6, spacing * 0.87)
    lines = []
    for row, v in enumerate(rows):
        us = np.arange(u0 + (row % 2) * spacing / 2, u1 + 1e-6, spacing)
        lines.append(np.stack([us, np.full_like(us, v)], axis=1))
    return np.concatenate(lines)


def _inside(points: np.ndarray, polygon: np.ndarray, margin: float) -> np.ndarray:
    """Which points lie in the polygon or within `margin` of it."""
    contour = polygon.astype(np.float32)
    return np.array(
        [cv2.pointPolygonTest(contour, (float(x), float(y)), True) > -margin for x, y in points]
    )


def skin_points() -> np.ndarray:
    """Chart points [N, 2] of the skin: those with a meaning first, then the filling."""
    curves = landmark_curves()
    named = np.concatenate(
        [
            curves.points[:96],
            curves.wings,
            curves.outline_paths.reshape(-1, 2),
            curves.eyes.reshape(-1, 2),
            curves.mouth,
        ]
    )
    fixed = np.unique(np.round(named, 6), axis=0)
    layers = (
        (2.6, (0, 24, 30, 54)), (2.8, (0, 30, 58, 84)), (3.4, (0, 56, -30, 12)),
        (6.0, (0, 92, -62, 146)), (13.0, (0, BACK_U, -148, 222)),
    )  # fmt: skip
    filling = np.zeros((0, 2))
    for spacing, box in layers:
        grid = _grid(spacing, box)
        if box[1] == BACK_U:
            grid = np.concatenate(
                [grid, np.stack([np.full(29, BACK_U), np.linspace(-148, 222, 29)], axis=1)]
            )
        known = cKDTree(np.concatenate([fixed, filling]))
        grid = grid[known.query(grid)[0] > 0.62 * spacing]
        filling = np.concatenate([filling, grid])
    holes = (curves.eyes[1], curves.mouth)
    keep = ~np.any([_inside(filling, hole, 0.9) for hole in holes], axis=0)
    filling = filling[keep]
    mirrored = filling[filling[:, 0] > 1e-6] * MIRROR
    return np.concatenate([fixed, filling, mirrored])


def find_points(chart: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    distance, index = cKDTree(chart).query(np.round(wanted, 6))
    assert distance.max() < 1e-3, 'a named point is missing from the mesh'
    return index


def skin_triangles(chart: np.ndarray) -> np.ndarray:
    triangles = Delaunay(chart).simplices
    centres = chart[triangles].mean(axis=1)
    curves = landmark_curves()
    holes = (*curves.eyes, curves.mouth)
    in_hole = np.any([_inside(centres, hole, 0.0) for hole in holes], axis=0)
    triangles = triangles[~in_hole]
    edges = chart[triangles[:, 1:]] - chart[triangles[:, :1]]
    area = edges[:, 0, 0] * edges[:, 1, 1] - edges[:, 0, 1] * edges[:, 1, 0]
    triangles = triangles[np.abs(area) > 1e-9]
    backwards = area[np.abs(area) > 1e-9] < 0
    triangles[backwards] = triangles[backwards][:, ::-1]
    return triangles
