"""Linear ways in which heads differ and faces move, each a displacement of every vertex.

A mode is a set of soft windows; in each the surface moves by a constant plus a linear part. With
coefficient 1 a mode is a strong but natural change (about two standard deviations of a shape, or
the full movement of an expression); the sampler decides how often it occurs.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np

from fanet_mmpose.synthetic import anatomy
from fanet_mmpose.synthetic.face_mesh import FaceMesh, face_mesh
from fanet_mmpose.synthetic.landmark_curves import resample

# name: rows of (x, y, sigma x, sigma y, move x, y, z, stretch x, y). Rows with x > 0 are
# mirrored. A sigma of 0 means everywhere.
_WINDOWS: dict[str, tuple[tuple[float, ...], ...]] = {
    'head_width': ((0, 0, 0, 0, 0, 0, 0, 0.07, 0),),
    'head_length': ((0, 0, 0, 0, 0, 0, 0, 0, 0.07),),
    'lower_face_length': ((0, 125, 0, 45, 0, 7, 0, 0, 0),),
    'jaw_width': ((0, 95, 0, 32, 0, 0, 0, 0.13, 0),),
    'gonion': ((52, 75, 16, 26, 6, 2, 3, 0, 0),),
    'cheek_width': ((0, 25, 0, 28, 0, 0, 0, 0.06, 0),),
    'cheek_fat': ((38, 55, 18, 26, 3, 0, 5, 0, 0),),
    'cheek_bone': ((42, 24, 14, 13, 1, 0, 5, 0, 0),),
    'forehead_width': ((0, -55, 0, 36, 0, 0, 0, 0.07, 0),),
    'forehead_slope': ((0, -70, 0, 32, 0, 0, 7, 0, 0),),
    'chin_length': ((0, 116, 30, 20, 0, 7, 0, 0, 0),),
    'chin_forward': ((0, 108, 26, 18, 0, 0, 7, 0, 0),),
    'chin_width': ((0, 112, 40, 16, 0, 0, 0, 0.28, 0),),
    'double_chin': ((0, 128, 50, 12, 0, 6, 6, 0, 0),),
    'nose_length': ((0, 44, 16, 14, 0, 5, 0, 0, 0),),
    'nose_width': ((0, 42, 22, 12, 0, 0, 0, 0.22, 0),),
    'nose_out': ((0, 38, 13, 14, 0, 0, 5, 0, 0),),
    'nose_bridge': ((0, 6, 8, 13, 0, 0, 4, 0, 0),),
    'nose_tip_up': ((0, 40, 8, 7, 0, -4, 1, 0, 0),),
    'nose_hump': ((0, 20, 7, 8, 0, 0, 3, 0, 0),),
    'eye_gap': ((31, 0, 18, 12, 2.6, 0, 0, 0, 0),),
    'eye_wide': ((31, 0, 15, 9, 0, 0, 0, 0.12, 0),),
    'eye_depth': ((31, -3, 17, 12, 0, 0, 3, 0, 0),),
    'eye_height': ((31, 0, 20, 12, 0, 3, 0, 0, 0),),
    'eye_tilt_out': ((45, -1, 8, 9, 0, -2.6, 0, 0, 0), (16, 2, 7, 9, 0, 0.8, 0, 0, 0)),
    'brow_height': ((31, -20, 20, 7, 0, -4.5, 0, 0, 0),),
    'brow_inner': ((13, -17, 10, 7, 0, -3.5, 0, 0, 0),),
    'brow_outer': ((49, -16, 11, 8, 0, -4, 0, 0, 0),),
    'brow_ridge': ((22, -17, 18, 7, 0, 0, 4, 0, 0),),
    'brow_gap': ((14, -18, 9, 6, 3, 0, 0, 0, 0),),
    'mouth_wide': ((0, 70, 32, 13, 0, 0, 0, 0.13, 0),),
    'mouth_height': ((0, 70, 34, 16, 0, 4, 0, 0, 0),),
    'lips_forward': ((0, 70, 18, 10, 0, 0, 4, 0, 0),),
    'upper_lip_thick': ((0, 62, 20, 4.5, 0, -2.8, 0.8, 0, 0),),
    'lower_lip_thick': ((0, 80.5, 18, 5, 0, 3.0, 1.0, 0, 0),),
    'skew_x': ((0, 110, 0, 60, 4, 0, 0, 0, 0),),
    'skew_mouth': ((0, 70, 30, 18, 2, 0, 0, 0, 0),),
    'skew_nose': ((0, 40, 14, 16, 2, 0, 0, 0, 0),),
    # expressions
    'frown': ((13, -17, 11, 8, -3.5, 4, 0, 0, 0),),
    'raise_brows': ((30, -21, 24, 9, 0, -7, 0, 0, 0), (30, -8, 16, 4, 0, -1.2, 0, 0, 0)),
    'smile': (
        (26, 70, 9, 10, 6.5, -5, -4, 0, 0), (42, 34, 16, 12, 1, -3, 3.5, 0, 0),
        (0, 80, 16, 5, 0, -0.6, -1, 0, 0), (0, 63, 17, 5.5, 0, -2.2, -1.5, 0, 0),
        (15, 43, 7, 7, 1.6, -1, 0, 0, 0), (31, 7, 14, 3.2, 0, -1.4, 0.6, 0, 0),
    ),
    'sad': ((25, 71, 10, 9, 0.5, 5, -1, 0, 0), (13, -17, 10, 7, 0, -3, 0, 0, 0)),
    'pucker': ((25, 70, 12, 11, -8, 0, 3, 0, 0), (0, 70, 12, 10, 0, 0, 6, 0, 0.1)),
    'snarl': ((12, 60, 14, 8, 0, -3.5, 0, 0, 0), (14, 42, 7, 7, 1, -3, 0, 0, 0)),
    'puff': ((36, 64, 14, 15, 4, 0, 6, 0, 0),),
}  # fmt: skip
_SIDED = ('brow_height', 'smile', 'eye_height')
NUM_SOFT_FIELDS = 14


def _window(points: np.ndarray, row: tuple[float, ...], side: int) -> np.ndarray:
    x0, y0, sigma_x, sigma_y, *rest = row
    offset = points[:, :2] - [side * x0, y0]
    exponent = sum(
        ((offset[:, axis] / sigma) ** 2 for axis, sigma in enumerate((sigma_x, sigma_y)) if sigma),
        np.zeros(len(points)),
    )
    # What moves features of the face leaves the back of the head alone.
    front = np.clip((points[:, 2] + 95) / 40, 0, 1) if sigma_x else 1.0
    move = np.array([side * rest[0], rest[1], rest[2]])
    stretch = np.array([rest[3], rest[4], 0.0])
    about = np.concatenate([offset, np.zeros((len(points), 1))], axis=1)
    return (np.exp(-0.5 * exponent) * front)[:, None] * (move + about * stretch)


def _windowed(points: np.ndarray, rows: tuple[tuple[float, ...], ...], sides: tuple[int, ...]):
    return sum(_window(points, row, side) for row in rows for side in (sides if row[0] else (1,)))


def _below_mouth(points: np.ndarray, chart: np.ndarray) -> np.ndarray:
    """1 for what hangs on the jaw, 0 for what sits on the skull; split between the lips."""
    x, y = np.abs(points[:, 0]), points[:, 1]
    # Towards the corners both lips follow the jaw by half, so that the opening is an oval.
    oval = np.sqrt(np.clip(1 - (x / 25) ** 2, 0, 1))
    offset = y - 70.4 - 0.12 * np.clip(x - 22, 0, 60)
    soft = 0.4 + 0.9 * np.clip(x - 21, 0, 60)
    reach = np.maximum(oval, np.clip(np.abs(offset) / 14, 0, 1))
    share = 0.5 + 0.5 * reach * np.clip(offset / soft, -1, 1)
    neck = np.clip((150 - chart[:, 1]) / 28, 0, 1)
    behind = np.clip((points[:, 2] + 92) / 30, 0, 1)
    return share * neck * behind


def _jaw_open(points: np.ndarray, chart: np.ndarray) -> np.ndarray:
    """Turn of the jaw about the axis through both ears' fronts, 0.35 rad."""
    arm = points[:, 1:] - [22, -82]
    turn = 0.35 * np.stack([np.zeros(len(points)), arm[:, 1], -arm[:, 0]], axis=1)
    moved = _below_mouth(points, chart)[:, None] * turn
    corner = np.exp(
        -0.5 * (((np.abs(points[:, 0]) - 25) / 8) ** 2 + ((points[:, 1] - 70) / 9) ** 2)
    )
    moved[:, 0] -= 3.5 * corner * np.sign(points[:, 0])
    return moved


def _close_lips(points: np.ndarray, chart: np.ndarray) -> np.ndarray:
    """Bring the rims of the lips, modelled a little open, together."""
    upper, lower = (
        resample(curve, np.linspace(0, 1, 60))[::-1]
        for curve in (anatomy.INNER_UPPER_LIP, anatomy.INNER_LOWER_LIP)
    )
    x, y = np.abs(points[:, 0]), points[:, 1]
    high, low = np.interp(x, *upper.T, right=70.3), np.interp(x, *lower.T, right=70.3)
    middle = (high + low) / 2
    toward = np.where(y < middle, middle - high, middle - low)
    edge = np.where(y < middle, high, low)
    weight = np.exp(-0.5 * ((y - edge) / 5.0) ** 2) * (points[:, 2] > -40)
    return np.stack([np.zeros(len(x)), toward * weight, np.zeros(len(x))], axis=1)


def _lids(side: int, lower: bool) -> Callable[[np.ndarray, np.ndarray], np.ndarray]:
    """Upper lid down onto the lower one, or the lower one up by a third."""

    def move(points: np.ndarray, chart: np.ndarray) -> np.ndarray:
        top, bottom = (
            resample(curve, np.linspace(0, 1, 80))[::-1]
            for curve in (anatomy.UPPER_LID, anatomy.LOWER_LID)
        )
        x, y = side * points[:, 0], points[:, 1]
        high = np.interp(x, *top.T, left=2.0, right=-1.0)
        low = np.interp(x, *bottom.T, left=2.0, right=-1.0)
        near = np.where(
            y < (high + low) / 2, np.exp(-0.5 * (np.minimum(y - high, 0) / 4.5) ** 2), 0
        )
        if lower:
            near = np.where(
                y > (high + low) / 2, np.exp(-0.5 * (np.maximum(y - low, 0) / 5) ** 2), 0
            )
        gap = (low - high) * near * (points[:, 2] > -60)
        return np.stack([np.zeros(len(x)), gap * (-0.35 if lower else 1.0), 0.06 * gap], axis=1)

    return move


def _soft_field(seed: int) -> Callable[[np.ndarray, np.ndarray], np.ndarray]:
    """A smooth random displacement of a few mm: shape variation that nobody named.

    Even seeds are mirror symmetric.
    """

    def move(points: np.ndarray, chart: np.ndarray) -> np.ndarray:
        rng = np.random.default_rng(1000 + seed)
        waves = rng.normal(0, 1 / 42, (24, 3))
        phases, gains = rng.uniform(0, 2 * np.pi, 24), rng.normal(0, 0.45, (24, 3))

        def field(at: np.ndarray) -> np.ndarray:
            return np.cos(at @ waves.T + phases) @ gains

        moved = field(points)
        if seed % 2 == 0:
            flip = np.array([-1, 1, 1])
            moved = (moved + flip * field(points * flip)) / np.sqrt(2)
        return moved

    return move


_FORMULAS: dict[str, Callable[[np.ndarray, np.ndarray], np.ndarray]] = {
    'jaw_open': _jaw_open,
    'close_lips': _close_lips,
    **{f'blink_{name}': _lids(side, False) for name, side in (('left', -1), ('right', 1))},
    **{f'squint_{name}': _lids(side, True) for name, side in (('left', -1), ('right', 1))},
    **{f'soft_{seed}': _soft_field(seed) for seed in range(NUM_SOFT_FIELDS)},
}
MODE_NAMES: tuple[str, ...] = (
    *_WINDOWS, *(f'{name}_{side}' for name in _SIDED for side in ('left', 'right')), *_FORMULAS
)  # fmt: skip


@cache
def mode_basis() -> np.ndarray:
    """Displacements [len(MODE_NAMES), V, 3] in mm, mirror images of each other where sided."""
    mesh = face_mesh()
    moves = [_skin_move(mesh, name) for name in MODE_NAMES]
    return np.stack([_with_parts(mesh, move) for move in moves]).astype(np.float32)


def _skin_move(mesh: FaceMesh, name: str) -> np.ndarray:
    points = mesh.vertices.astype(float)
    chart = np.concatenate([
        mesh.chart, np.zeros((len(points) - mesh.num_skin, 2))
    ])  # fmt: skip
    if name in _FORMULAS:
        return _FORMULAS[name](points, chart)
    base, _, side = name.rpartition('_')
    if base in _SIDED and side in ('left', 'right'):
        return _windowed(points, _WINDOWS[base], (-1,) if side == 'left' else (1,))
    return _windowed(points, _WINDOWS[name], (1, -1))


def _with_parts(mesh: FaceMesh, move: np.ndarray) -> np.ndarray:
    """Eyeballs move stiffly with their lids' corners; mouth and long hair are placed later."""
    corners = ((60, 64), (72, 68))
    for ball, pair in zip(mesh.eyeballs, corners, strict=True):
        move[ball] = move[mesh.landmarks[list(pair)]].mean(axis=0)
    move[mesh.mouth] = 0
    move[mesh.curtain] = 0
    return move
