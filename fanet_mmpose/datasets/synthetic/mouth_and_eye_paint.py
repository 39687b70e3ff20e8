"""The small tiles of the atlas: eyeballs, and teeth and tongue behind the lips."""

from __future__ import annotations

import cv2
import numpy as np

from fanet_mmpose.datasets.synthetic.face_mesh import EYE_CAP_ANGLE, EYE_TILE_POWER
from fanet_mmpose.datasets.synthetic.look import Look
from fanet_mmpose.datasets.synthetic.noise_bank import noise
from fanet_mmpose.datasets.synthetic.texture_atlas import EYE_TILES, MOUTH_TILE

_IRIS_ANGLE = np.deg2rad(28)
_EYE_GLOSS, _TOOTH_GLOSS = 2.2, 0.8


def _soft_disc(radius: np.ndarray, edge: float, soft: float) -> np.ndarray:
    return np.clip((edge - radius) / soft + 0.5, 0, 1)[..., None]


def paint_eyes(rng: np.random.Generator, atlas: np.ndarray, look: Look) -> None:
    """White, iris, pupil and the light they catch, the same on both eyes, into the atlas."""
    size = EYE_TILES[0].width
    y, x = np.mgrid[:size, :size] - (size - 1) / 2
    radius = np.hypot(x, y).astype(np.float32)
    reach = size / 2 - 2
    iris_edge = reach * (_IRIS_ANGLE / EYE_CAP_ANGLE) ** EYE_TILE_POWER
    white = rng.uniform(0.5, 0.8) * np.array([0.97, 0.97, 1.0])
    redness = np.clip((radius - iris_edge) / reach, 0, 1)[..., None]
    picture = white * (1 - redness * np.array([0.55, 0.55, 0.35]))
    rays = 1 + 0.3 * noise(rng, 'grain', size, size)[..., None]
    rim = 0.45 + 0.55 * _soft_disc(radius, iris_edge * 0.86, 4)
    picture += _soft_disc(radius, iris_edge, 1.6) * (look.iris * rays * rim - picture)
    pupil = iris_edge * rng.uniform(0.3, 0.55)
    picture += _soft_disc(radius, pupil, 1.5) * (0.02 - picture)
    if rng.random() < 0.75:
        spot = rng.uniform(-0.6, 0.6, 2) * iris_edge * [1, 0.6] - [0, 0.35 * iris_edge]
        glint = _soft_disc(np.hypot(x - spot[0], y - spot[1]), rng.uniform(0.6, 1.6), 1.2)
        picture += glint * (rng.uniform(0.6, 1.0) - picture)
    for tile in EYE_TILES:
        rows, columns = tile.window
        atlas[rows, columns, :3] = picture
        atlas[rows, columns, 3] = _EYE_GLOSS


def _teeth_mask(rng: np.random.Generator, gap: float) -> np.ndarray:
    """Opacity of teeth in the mouth's tile for an opening `gap` mm high."""
    height, width = MOUTH_TILE.height, MOUTH_TILE.width
    across = np.linspace(-1, 1, width)
    down = np.linspace(0, gap, height)[:, None]
    upper = rng.uniform(5.5, 9.5) * (1 - 0.35 * across**2)
    mask = np.clip((upper - down) / max(0.6, gap / height) + 0.5, 0, 1)
    if gap > 9 and rng.random() < 0.6:
        lower = rng.uniform(2, 5) * (1 - 0.5 * across**2)
        mask = np.maximum(mask, np.clip((lower - (gap - down)) / 0.8 + 0.5, 0, 1))
    # Gaps between teeth crowd towards the corners as the arch turns away.
    phase = np.arcsin(np.clip(across * 0.93, -1, 1)) * rng.uniform(4.2, 5.2)
    seams = 1 - 0.45 * np.exp(-0.5 * (((phase + 0.5) % 1 - 0.5) / 0.06) ** 2)
    return (mask * seams * np.clip((1.02 - np.abs(across)) / 0.35, 0, 1)).astype(np.float32)


def paint_mouth(rng: np.random.Generator, atlas: np.ndarray, look: Look, gap: float) -> None:
    """Dark inside, tongue, teeth in three of four open mouths, into the atlas."""
    height, width = MOUTH_TILE.height, MOUTH_TILE.width
    down = np.linspace(0, 1, height)[:, None]
    across = np.linspace(-1, 1, width)[None]
    dark = look.lips * rng.uniform(0.15, 0.3)
    picture = np.broadcast_to(dark, (height, width, 3)).astype(np.float32)
    tongue = np.clip((1 - (across / 0.75) ** 2 - ((down - 1.05) / 0.55) ** 2) * 2, 0, 1)[..., None]
    flesh = np.array([0.28, 0.26, 0.58]) * rng.uniform(0.6, 1.0)
    picture = picture + tongue * (flesh - picture) * rng.uniform(0.2, 0.9)
    if rng.random() < 0.78 and gap > 1.6:
        enamel = np.array([0.72, 0.84, 0.90]) * rng.uniform(0.7, 1.05)
        teeth = _teeth_mask(rng, gap)[..., None]
        picture = picture + teeth * (enamel - picture)
    # The lips keep the light out near their rims.
    shadow = np.clip(0.35 + 3 * np.minimum(down, 1 - down) * gap / 8, 0.35, 1)
    rows, columns = MOUTH_TILE.window
    atlas[rows, columns, :3] = picture * shadow[..., None]
    atlas[rows, columns, 3] = _TOOTH_GLOSS * shadow
    if gap < 1.2:
        atlas[rows, columns, :3] = cv2.blur(atlas[rows, columns, :3], (9, 9))
