"""The small tiles of the atlas: eyeballs, and teeth and tongue behind the lips; sRGB."""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np

from fanet_mmpose.synthetic.face_mesh import EYE_CAP_ANGLE, EYE_TILE_POWER
from fanet_mmpose.synthetic.human_head import GUM_COLUMN, TEETH_COLUMNS
from fanet_mmpose.synthetic.layers import lay_over, tinted
from fanet_mmpose.synthetic.look import Look
from fanet_mmpose.synthetic.noise_bank import noise
from fanet_mmpose.synthetic.texture_atlas import EYE_TILES, MOUTH_TILE

EYE_GLOSS, TOOTH_GLOSS = 0.9, 0.6
_IRIS_ANGLE = np.deg2rad(28)
_SIZE = EYE_TILES[0].width
_REACH = _SIZE / 2 - 2
_IRIS_EDGE = float(_REACH * (_IRIS_ANGLE / EYE_CAP_ANGLE) ** EYE_TILE_POWER)


@cache
def _eye_grid() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """x, y and radius in texels from the middle of the cornea, each [_SIZE, _SIZE]."""
    y, x = (np.mgrid[:_SIZE, :_SIZE] - (_SIZE - 1) / 2).astype(np.float32)
    return x, y, np.hypot(x, y)


def _soft_disc(radius: np.ndarray, edge: float, soft: float) -> np.ndarray:
    return np.clip((edge - radius) / np.float32(soft) + np.float32(0.5), 0, 1)


def paint_eye(rng: np.random.Generator, look: Look) -> np.ndarray:
    """White, iris, pupil and the light they catch [_SIZE, _SIZE, 3]."""
    x, y, radius = _eye_grid()
    white = rng.uniform(0.5, 0.8) * np.array([0.97, 0.97, 1.0])
    outward = np.clip((radius - _IRIS_EDGE) / _REACH, 0, 1)
    picture = cv2.merge(
        [
            np.float32(channel) * (1 - np.float32(fade) * outward)
            for channel, fade in zip(white, (0.55, 0.55, 0.35), strict=True)
        ]
    )
    rays = 1 + 0.3 * noise(rng, 'grain', _SIZE, _SIZE)
    rim = 0.45 + 0.55 * _soft_disc(radius, _IRIS_EDGE * 0.86, 4)
    picture = lay_over(picture, tinted(rays * rim, look.iris), _soft_disc(radius, _IRIS_EDGE, 1.6))
    pupil = _soft_disc(radius, _IRIS_EDGE * rng.uniform(0.3, 0.55), 1.5)
    picture = lay_over(picture, np.full(3, 0.02), pupil)
    if rng.random() < 0.75:
        spot = rng.uniform(-0.6, 0.6, 2) * _IRIS_EDGE * [1, 0.6] - [0, 0.35 * _IRIS_EDGE]
        glint = _soft_disc(np.hypot(x - spot[0], y - spot[1]), rng.uniform(0.6, 1.6), 1.2)
        picture = lay_over(picture, np.full(3, rng.uniform(0.6, 1.0)), glint)
    return picture


@cache
def _mouth_grid() -> tuple[np.ndarray, np.ndarray]:
    """Across (-1..1) [1, W] and down (0..1) [H, 1]."""
    return (
        np.linspace(-1, 1, MOUTH_TILE.width, dtype=np.float32)[None],
        np.linspace(0, 1, MOUTH_TILE.height, dtype=np.float32)[:, None],
    )


def _teeth_mask(rng: np.random.Generator, gap: float) -> np.ndarray:
    """Opacity of teeth in the mouth's tile for an opening `gap` mm high."""
    across, down = _mouth_grid()
    depth = down * gap
    upper = rng.uniform(5.5, 9.5) * (1 - 0.35 * across**2)
    mask = np.clip((upper - depth) / max(0.6, gap / MOUTH_TILE.height) + 0.5, 0, 1)
    if gap > 9 and rng.random() < 0.6:
        lower = rng.uniform(2, 5) * (1 - 0.5 * across**2)
        mask = np.maximum(mask, np.clip((lower - (gap - depth)) / 0.8 + 0.5, 0, 1))
    # Gaps between teeth crowd towards the corners as the arch turns away.
    phase = np.arcsin(np.clip(across * 0.93, -1, 1)) * rng.uniform(4.2, 5.2)
    seams = 1 - 0.4 * np.exp(-0.5 * (((phase + 0.5) % 1 - 0.5) / 0.06) ** 2)
    return mask * seams * np.clip((1.02 - np.abs(across)) / 0.25, 0, 1)


def paint_mouth(rng: np.random.Generator, look: Look, gap: float) -> tuple[np.ndarray, np.ndarray]:
    """Dark inside, tongue, teeth in four of five open mouths [H, W, 3]; how light it is [H, W]."""
    across, down = _mouth_grid()
    shape = (MOUTH_TILE.height, MOUTH_TILE.width)
    picture = tinted(np.ones(shape, np.float32), look.lips * rng.uniform(0.15, 0.3))
    tongue = np.clip((1 - (across / 0.75) ** 2 - ((down - 1.05) / 0.55) ** 2) * 2, 0, 1)
    flesh = np.array([0.28, 0.26, 0.58]) * rng.uniform(0.6, 1.0)
    picture = lay_over(picture, flesh, tongue * np.float32(rng.uniform(0.2, 0.9)))
    if rng.random() < 0.82 and gap > 1.4:
        enamel = np.array([0.84, 0.92, 0.96]) * rng.uniform(0.75, 1.05)
        picture = lay_over(picture, enamel, _teeth_mask(rng, gap))
    # The lips keep the light out near their rims.
    light = np.clip(0.65 + 3 * np.minimum(down, 1 - down) * gap / 8, 0.65, 1).astype(np.float32)
    light = np.tile(light, (1, MOUTH_TILE.width))
    return picture * cv2.merge([light] * 3), light


def paint_human_mouth(rng: np.random.Generator, look: Look) -> tuple[np.ndarray, np.ndarray]:
    """`paint_mouth` for modelled teeth: teeth, gums, tongue side by side."""
    down = np.linspace(0, 1, MOUTH_TILE.height, dtype=np.float32)[:, None]
    x = np.arange(MOUTH_TILE.width, dtype=np.float32)[None]
    flat = np.ones((MOUTH_TILE.height, MOUTH_TILE.width), np.float32)
    enamel = np.array([0.82, 0.90, 0.94]) * rng.uniform(0.7, 1.05)
    # Sixteen teeth round the arch; the gum above them.
    seams = 1 - rng.uniform(0.15, 0.45) * np.exp(
        -0.5 * (((x / TEETH_COLUMNS * 14) % 1 - 0.5) / 0.1) ** 2
    )
    away = 1 - 0.6 * np.clip(np.abs(x / TEETH_COLUMNS - 0.5) * 2, 0, 1) ** 2
    picture = tinted(flat * seams * away, enamel)
    gum = np.array([0.42, 0.40, 0.72]) * rng.uniform(0.6, 1.0)
    picture = lay_over(picture, gum, np.clip((0.22 - down) * 12, 0, 1) * flat)
    inside = np.array([0.10, 0.09, 0.26]) * rng.uniform(0.3, 1.0)
    picture = lay_over(picture, inside, flat * (x > TEETH_COLUMNS + 2))
    tongue = np.array([0.30, 0.28, 0.58]) * rng.uniform(0.6, 1.0)
    picture = lay_over(picture, tongue, flat * (x > (GUM_COLUMN + 8)))
    return picture, np.where(x > TEETH_COLUMNS + 2, 0.1, 1.0) * flat
