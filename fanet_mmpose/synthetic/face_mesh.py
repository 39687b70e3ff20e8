"""The head as triangles: skin with openings for eyes and mouth, eyeballs, mouth, ears."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from scipy.sparse import csr_matrix

from fanet_mmpose.synthetic import anatomy
from fanet_mmpose.synthetic.head_surface import head
from fanet_mmpose.synthetic.landmark_curves import PUPILS, landmark_curves
from fanet_mmpose.synthetic.skin_mesh import find_points, skin_points, skin_triangles
from fanet_mmpose.synthetic.texture_atlas import (
    EAR_TILE,
    EYE_TILES,
    HAIR_TILE,
    MOUTH_TILE,
    Tile,
    head_to_atlas,
)

EYE_RINGS, EYE_SPOKES = 9, 18
EYE_CAP_ANGLE, EYE_TILE_POWER = np.deg2rad(140), 0.6
MOUTH_ROWS = 6
EAR_ROWS, EAR_COLUMNS = 9, 5
CURTAIN_ROWS, CURTAIN_COLUMNS = 12, 25


@dataclass(frozen=True)
class FaceMesh:
    """Neutral mesh; all index arrays point into `vertices`.

    Attributes:
        vertices: [V, 3] mm, head frame (see `anatomy`).
        chart: [V, 2] mm; NaN off the skin.
        uv: [V, 2] atlas pixels (x, y).
        triangles: [F, 3], clockwise as seen from outside in the image (y down).
        normals_from_faces: [V, F] sparse, sums face normals at each vertex.
        landmarks: [98], the pupils' entries are the middles of the corneas.
        outline_paths: [33, OUTLINE_STEPS], see `LandmarkCurves`.
        wings: [2].
        eyeballs: [2, E].
        mouth: [MOUTH_ROWS, M], rows from the upper to the lower lip's rim, behind the lips.
        mouth_rims: [2, M], the rims of the upper and the lower lip.
        curtain: [CURTAIN_ROWS, CURTAIN_COLUMNS], long hair round the back of the head, from the
            image's left to its right; at zero until it is placed.
        ears: [E], the vertices of both.
        sunken: [V] mm to push back when surfaces are sorted: what lies close behind lids or lips
            must not come through.
        num_skin: how many of the first vertices are skin.
        landmark_chart: [96, 2] mm, the chart under each landmark but the pupils.
    """

    vertices: np.ndarray
    chart: np.ndarray
    uv: np.ndarray
    triangles: np.ndarray
    normals_from_faces: csr_matrix
    landmarks: np.ndarray
    outline_paths: np.ndarray
    wings: np.ndarray
    eyeballs: np.ndarray
    mouth: np.ndarray
    mouth_rims: np.ndarray
    curtain: np.ndarray
    ears: np.ndarray
    sunken: np.ndarray
    num_skin: int
    landmark_chart: np.ndarray


def grid_triangles(index: np.ndarray) -> np.ndarray:
    """Two clockwise (y down) triangles for each cell of a grid of indices [R, C]."""
    a, b, c, d = index[:-1, :-1], index[:-1, 1:], index[1:, 1:], index[1:, :-1]
    return np.concatenate(
        [np.stack([a, b, c], axis=-1).reshape(-1, 3), np.stack([a, c, d], axis=-1).reshape(-1, 3)]
    )


def eyeball(side: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Front cap of an eyeball: vertices, uv, triangles."""
    polar = np.linspace(0, EYE_CAP_ANGLE, EYE_RINGS)
    turn = np.linspace(0, 2 * np.pi, EYE_SPOKES + 1)
    polar, turn = np.meshgrid(polar, turn, indexing='ij')
    unit = np.stack([np.sin(polar) * np.cos(turn), np.sin(polar) * np.sin(turn), np.cos(polar)], -1)
    centre = anatomy.EYE_CENTRE * [side, 1, 1]
    vertices = (centre + anatomy.EYE_RADIUS * unit).reshape(-1, 3)
    tile = EYE_TILES[(side + 1) // 2]
    reach = tile.width / 2 - 2
    # The iris gets a large share of the tile.
    radius = (polar / polar.max())[..., None] ** EYE_TILE_POWER
    plane = radius * np.stack([np.cos(turn), np.sin(turn)], axis=-1)
    uv = (tile.centre + plane * reach).reshape(-1, 2)
    index = np.arange(EYE_RINGS * (EYE_SPOKES + 1)).reshape(EYE_RINGS, EYE_SPOKES + 1)
    return vertices, uv, grid_triangles(index)[:, ::-1]


def _ear(side: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A bent leaf that stands off the head: vertices, uv, triangles (both faces)."""
    along, out = np.meshgrid(
        np.linspace(0, 1, EAR_ROWS), np.linspace(0, 1, EAR_COLUMNS), indexing='ij'
    )
    reach = out * np.sin(np.pi * np.clip(0.06 + 0.9 * along, 0, 1)) ** 0.6 * (1.12 - 0.45 * along)
    y = -18 + 62 * along + 2 * reach
    x = 66 + 17 * reach - 3.5 * np.sin(np.pi * out) * (0.3 + np.sin(np.pi * along))
    z = -85 - 8 * (0.5 - along) * 2 - 24 * reach
    vertices = np.stack([side * x, y, z], axis=-1).reshape(-1, 3)
    shares = np.stack([out, along], axis=-1).reshape(-1, 2)
    uv = [EAR_TILE.left + 1, EAR_TILE.top + 1] + shares * [EAR_TILE.width - 3, EAR_TILE.height - 3]
    cells = grid_triangles(np.arange(len(vertices)).reshape(EAR_ROWS, EAR_COLUMNS))
    # The side that looks away from the head comes first: it is the one that makes the normals.
    return vertices, uv, np.concatenate([cells[:, ::side], cells[:, ::-side]])


def sheet(rows: int, columns: int, tile: Tile) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A grid that fills a tile, its vertices at zero until they are placed."""
    across, down = np.meshgrid(np.linspace(0, 1, columns), np.linspace(0, 1, rows))
    shares = np.stack([across, down], axis=-1).reshape(-1, 2)
    uv = [tile.left + 1, tile.top + 1] + shares * [tile.width - 3, tile.height - 3]
    index = np.arange(rows * columns).reshape(rows, columns)
    return np.zeros((index.size, 3)), uv, grid_triangles(index)


def sum_matrix(triangles: np.ndarray, num_vertices: int) -> csr_matrix:
    """Adds faces up at vertices; of two-sided sheets only the side that comes first."""
    faces = np.repeat(np.arange(len(triangles)), 3)
    _, first = np.unique(np.sort(triangles, axis=1), axis=0, return_index=True)
    ones = np.isin(faces, first).astype(np.float32)
    return csr_matrix((ones, (triangles.ravel(), faces)), shape=(num_vertices, len(triangles)))


@cache
def face_mesh() -> FaceMesh:
    """The one neutral mesh; built once per process (about a third of a second)."""
    curves = landmark_curves()
    chart = skin_points()
    half = len(curves.mouth) // 2
    rim = find_points(chart, curves.mouth)
    # The polygon runs along the upper lip, then back along the lower one; the corners are shared.
    upper, lower = rim[: half + 1], np.concatenate([rim[:1], rim[: half - 1 : -1]])
    parts = [(head(chart), head_to_atlas(chart), skin_triangles(chart))]
    parts += [eyeball(side) for side in (-1, 1)]
    parts.append(sheet(MOUTH_ROWS, len(upper), MOUTH_TILE))
    curtain = sheet(CURTAIN_ROWS, CURTAIN_COLUMNS, HAIR_TILE)
    both_faces = np.concatenate([curtain[2], curtain[2][:, ::-1]])
    parts.append((*curtain[:2], both_faces))
    parts += [_ear(side) for side in (-1, 1)]
    starts = np.cumsum([0] + [len(part[0]) for part in parts])
    triangles = np.concatenate(
        [part[2] + start for part, start in zip(parts, starts[:-1], strict=True)]
    )
    landmarks = np.empty(98, dtype=int)
    landmarks[:96] = find_points(chart, curves.points[:96])
    landmarks[list(PUPILS)] = starts[1:3]
    return FaceMesh(
        vertices=np.concatenate([part[0] for part in parts]).astype(np.float32),
        chart=chart,
        uv=np.concatenate([part[1] for part in parts]).astype(np.float32),
        triangles=triangles,
        normals_from_faces=sum_matrix(triangles, starts[-1]),
        landmarks=landmarks,
        outline_paths=find_points(chart, curves.outline_paths.reshape(-1, 2)).reshape(
            curves.outline_paths.shape[:2]
        ),
        wings=find_points(chart, curves.wings),
        eyeballs=starts[1:3, None] + np.arange(EYE_RINGS * (EYE_SPOKES + 1)),
        mouth=starts[3] + np.arange(MOUTH_ROWS * len(upper)).reshape(MOUTH_ROWS, -1),
        mouth_rims=np.stack([upper[::-1], lower[::-1]]),
        curtain=starts[4] + np.arange(CURTAIN_ROWS * CURTAIN_COLUMNS).reshape(CURTAIN_ROWS, -1),
        sunken=np.repeat([0.0, 3.0, 3.0, 3.0, 0.0, 0.0, 0.0], np.diff(starts)),
        ears=np.arange(starts[5], starts[7]),
        num_skin=int(starts[1]),
        landmark_chart=chart[landmarks[:96]],
    )
