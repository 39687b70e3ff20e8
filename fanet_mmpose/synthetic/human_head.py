"""A second head: MakeHuman's (CC0), cut off at the shoulders, in the frame of the first.

`human_head.npz` is made by tools/misc/make_human_head.py. Its vertices, in mm, have the frame of
`anatomy`; its chart is that of the drawn head, so that the same paint fits both.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix, vstack

from fanet_mmpose.synthetic.face_mesh import (
    CURTAIN_COLUMNS,
    CURTAIN_ROWS,
    EYE_RINGS,
    EYE_SPOKES,
    FaceMesh,
    eyeball,
    sheet,
    sum_matrix,
)
from fanet_mmpose.synthetic.landmark_curves import NUM_OUTLINE, OUTLINE_STEPS, PUPILS
from fanet_mmpose.synthetic.texture_atlas import (
    EAR_TILE,
    HAIR_TILE,
    HEAD_HEIGHT,
    HEAD_WIDTH,
    MOUTH_TILE,
    Tile,
    head_to_atlas,
)

FILE = Path(__file__).parent / 'human_head.npz'
# Codes of the parts of the file.
SKIN, EAR, GUM, UPPER_TEETH, LOWER_TEETH, TONGUE, RIGHT_EYE, LEFT_EYE = range(8)
_MM = 0.01  # the file's moves are whole hundredths of a millimetre
# Columns of the mouth's tile: teeth, gums, tongue.
TEETH_COLUMNS, GUM_COLUMN, TONGUE_COLUMN = 60, 70, 86
_PUPIL_DISTANCE = 62.0
_EYE_DEPTH = -24.0  # z of the eyeballs' middles, as in `anatomy`
_MOUTH_BACK = -40.0  # mm; where the arch of the teeth ends


@dataclass(frozen=True)
class HumanHead:
    """The mesh and what moves it.

    Attributes:
        mesh: as of the drawn head; its last vertices are points on the skin.
        names: of the moves, e.g. ``fu/jawOpen``.
        moves: sparse [S * 3, M] float32 mm, of the file's S vertices.
        part: [S] codes of `SKIN` ... `LEFT_EYE`.
        points_on_skin: sparse [P, S], the weights of the mesh's last P vertices.
    """

    mesh: FaceMesh
    names: tuple[str, ...]
    moves: csr_matrix
    part: np.ndarray
    points_on_skin: csr_matrix

    def vertices(self, coefficients: np.ndarray) -> np.ndarray:
        """All vertices [V, 3] mm with these coefficients [M]; the curtain stays at zero."""
        moved = self.moves @ coefficients.astype(np.float32)
        own = self.mesh.vertices[: len(self.part)] + moved.reshape(-1, 3)
        own -= 0.5 * (self._eye(own, RIGHT_EYE)[0] + self._eye(own, LEFT_EYE)[0])
        own *= _PUPIL_DISTANCE / np.linalg.norm(
            self._eye(own, RIGHT_EYE)[0] - self._eye(own, LEFT_EYE)[0]
        )
        own[:, 2] += _EYE_DEPTH
        vertices = np.zeros_like(self.mesh.vertices)
        vertices[: len(own)] = own
        for ball, code in zip(self.mesh.eyeballs, (RIGHT_EYE, LEFT_EYE), strict=True):
            middle, radius = self._eye(own, code)
            vertices[ball] = middle + radius * _unit_cap()
        vertices[len(vertices) - self.points_on_skin.shape[0] :] = self.points_on_skin @ own
        return vertices

    def _eye(self, own: np.ndarray, code: int) -> tuple[np.ndarray, float]:
        """Middle and radius of an eyeball."""
        ball = own[self.part == code]
        middle = 0.5 * (ball.min(axis=0) + ball.max(axis=0))
        return middle, float(np.ptp(ball[:, :2], axis=0).mean() / 2)


@cache
def _unit_cap() -> np.ndarray:
    vertices = eyeball(1)[0]
    centre = vertices[0] - [0, 0, np.ptp(vertices[:, :2], axis=0).max() / 2]
    unit = vertices - centre
    return (unit / np.linalg.norm(unit, axis=1, keepdims=True)).astype(np.float32)


def _tile_place(tile: Tile, shares: np.ndarray) -> np.ndarray:
    return [tile.left + 1, tile.top + 1] + np.clip(shares, 0, 1) * [tile.width - 3, tile.height - 3]


def _scaled(values: np.ndarray) -> np.ndarray:
    return (values - values.min()) / np.ptp(values)


def _texels(vertices: np.ndarray, chart: np.ndarray, part: np.ndarray) -> np.ndarray:
    """Where each vertex of the file takes its paint from [S, 2]."""
    uv = np.clip(head_to_atlas(chart), 1, [HEAD_WIDTH - 2, HEAD_HEIGHT - 2])
    ear = part == EAR
    uv[ear] = _tile_place(
        EAR_TILE, np.stack([_scaled(-vertices[ear, 2]), _scaled(vertices[ear, 1])], 1)
    )
    for code, column in ((GUM, GUM_COLUMN), (TONGUE, TONGUE_COLUMN)):
        uv[part == code] = [MOUTH_TILE.left + column, MOUTH_TILE.top + MOUTH_TILE.height // 2]
    for code in (UPPER_TEETH, LOWER_TEETH):
        x, y, z = vertices[part == code].T
        turn = np.arctan2(x, z - _MOUTH_BACK) / 1.2
        height = _scaled(y) if code == UPPER_TEETH else 1 - _scaled(y)
        uv[part == code] = np.stack([
            MOUTH_TILE.left + TEETH_COLUMNS * np.clip(0.5 + 0.5 * turn, 0, 1),
            MOUTH_TILE.top + 1 + height * (MOUTH_TILE.height - 3),
        ], axis=1)  # fmt: skip
    return uv


def _joined(twin: np.ndarray, total: int) -> csr_matrix:
    """Sums over the copies of a vertex, which lie where the paint has a seam [total, total]."""
    same = np.concatenate([twin.astype(int), np.arange(len(twin), total)])
    member = csr_matrix((np.ones(total, np.float32), (np.arange(total), same)))
    return (member @ member.T).tocsr()


@cache
def human_head() -> HumanHead:
    """Read once per process."""
    with np.load(FILE, allow_pickle=False) as file:
        data = {name: file[name] for name in file.files}
    moves = csr_matrix(data['moves'].reshape(len(data['moves']), -1).T.astype(np.float32) * _MM)
    on_skin = _on_skin(data)
    return HumanHead(
        mesh=_mesh(data, on_skin),
        names=tuple(str(name) for name in data['names']),
        moves=moves.astype(np.float32),
        part=data['part'],
        points_on_skin=on_skin,
    )


def _on_skin(data: dict[str, np.ndarray]) -> csr_matrix:
    named, shares = data['named'].astype(int), data['shares']
    rows = np.repeat(np.arange(len(named)), 3)
    shape = (len(named), len(data['vertices']))
    return csr_matrix((shares.ravel(), (rows, named.ravel())), shape=shape)


def _mesh(data: dict[str, np.ndarray], on_skin: csr_matrix) -> FaceMesh:
    """The file's vertices, two eyeballs, the curtain, the points on the skin, in this order."""
    own, part = data['vertices'], data['part']
    num_points, num_skin = on_skin.shape[0], int((part == SKIN).sum())
    right, left = (eyeball(side) for side in (-1, 1))
    curtain = sheet(CURTAIN_ROWS, CURTAIN_COLUMNS, HAIR_TILE)
    starts = np.cumsum([len(own), len(right[0]), len(left[0]), len(curtain[0])])
    first = int(starts[3])  # of the points on the skin
    triangles = np.concatenate([
        data['triangles'].astype(int), right[2] + starts[0], left[2] + starts[1],
        curtain[2] + starts[2], curtain[2][:, ::-1] + starts[2],
    ])  # fmt: skip
    texels = _texels(own, data['chart'], part)
    sums = _joined(data['twin'], first) @ sum_matrix(triangles, first)
    vertices = np.zeros((first + num_points, 3), dtype=np.float32)
    vertices[: len(own)] = own
    sunken = np.zeros(len(vertices))
    sunken[starts[0] : starts[2]] = 1.0
    chart = data['chart'][:num_skin].astype(float)
    outline = first + 98 + np.arange(NUM_OUTLINE * OUTLINE_STEPS)
    return FaceMesh(
        vertices=vertices,
        chart=chart,
        uv=np.concatenate([texels, right[1], left[1], curtain[1], on_skin @ texels]).astype(
            np.float32
        ),
        triangles=triangles,
        normals_from_faces=vstack([sums, on_skin @ sums[: len(own)]]).tocsr(),
        landmarks=np.concatenate([first + np.arange(PUPILS[0]), starts[:2]]),
        outline_paths=outline.reshape(NUM_OUTLINE, OUTLINE_STEPS),
        wings=first + np.array([96, 97]),
        eyeballs=starts[:2, None] + np.arange(EYE_RINGS * (EYE_SPOKES + 1)),
        mouth=np.zeros((0, 0), int),  # the mouth is modelled
        mouth_rims=np.zeros((2, 0), int),
        curtain=starts[2] + np.arange(CURTAIN_ROWS * CURTAIN_COLUMNS).reshape(CURTAIN_ROWS, -1),
        ears=np.flatnonzero(part == EAR),
        sunken=sunken,
        num_skin=num_skin,
        landmark_chart=on_skin[:96, :num_skin] @ chart,
    )
