"""Paints the atlas of one person: skin, hair, brows, lips, eyes, teeth.

The atlas is float32 [ATLAS_HEIGHT, ATLAS_WIDTH, 4]: linear reflectance (blue first) and gloss.
"""

from __future__ import annotations

import cv2
import numpy as np

from fanet_mmpose.datasets.synthetic.face_regions import face_regions
from fanet_mmpose.datasets.synthetic.look import Look
from fanet_mmpose.datasets.synthetic.mouth_and_eye_paint import paint_eyes, paint_mouth
from fanet_mmpose.datasets.synthetic.noise_bank import noise
from fanet_mmpose.datasets.synthetic.texture_atlas import (
    ATLAS_HEIGHT,
    ATLAS_WIDTH,
    EAR_TILE,
    HAIR_TILE,
    HEAD_HEIGHT,
    HEAD_WIDTH,
)

_SKIN_GLOSS, _HAIR_GLOSS = 0.35, 0.25


def _mix(picture: np.ndarray, colour: np.ndarray, mask: np.ndarray) -> None:
    """Lay a colour [3] or picture [H, W, 3] over `picture` where the mask [H, W] says, in place."""
    mask = mask[..., None]
    picture += mask * (np.asarray(colour, dtype=np.float32) - picture)


def _skin(rng: np.random.Generator, look: Look) -> np.ndarray:
    regions = face_regions()
    rough = 0.4 + 0.9 * look.age
    mottle = noise(
        rng, HEAD_HEIGHT, HEAD_WIDTH, (0.03, 0.03, 0.03, 0.02, 0.02 * rough, 0.025 * rough)
    )
    shade = 1 + mottle
    shade -= (0.30 + 0.25 * look.age) * regions.cavities
    shade -= rng.uniform(0.05, 0.2 + 0.35 * look.age) * regions.folds
    shade -= rng.uniform(0.0, 0.25) * regions.under_eye
    shade -= 0.42 * regions.lid_crease * rng.uniform(0.3, 1)
    redness = rng.uniform(0.02, 0.12) * (regions.cheeks + regions.nose)
    redness += 0.03 * noise(rng, HEAD_HEIGHT, HEAD_WIDTH, (0.4, 0.6, 0.6))
    tint = np.stack([1 - 1.5 * redness, 1 - 1.6 * redness, 1 + 0.3 * redness], axis=-1)
    return (look.skin.astype(np.float32) * shade[..., None] * tint).astype(np.float32)


def _strands(rng: np.random.Generator, height: int, width: int, contrast: float) -> np.ndarray:
    """Streaks that run down the picture, about 1 in mean."""
    thin = noise(rng, max(8, height // 7), width, (0.2, 0.3, 0.4, 0.6, 0.8, 1.0))
    streaks = cv2.resize(thin, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.maximum(1 + contrast * streaks, 0.15)


def hair_mask(rng: np.random.Generator, look: Look) -> np.ndarray:
    """Where hair grows on the head [HEAD_HEIGHT, HEAD_WIDTH], with a ragged edge."""
    regions = face_regions()
    line = np.interp(np.abs(regions.angle[0]), look.line_angles, look.line).astype(np.float32)
    ragged = noise(rng, HEAD_HEIGHT, HEAD_WIDTH, (0, 1.5, 1.5, 1.5, 2.0, 2.5))
    soft = 9.0 if look.cut in ('bald', 'shaved') else 4.0
    return np.clip((line[None] + ragged - regions.v) / soft + 0.5, 0, 1)


def _brows(rng: np.random.Generator, look: Look) -> np.ndarray:
    """Opacity of the brows, drawn as short strokes that rise and lean outwards."""
    mask = np.zeros((HEAD_HEIGHT, HEAD_WIDTH), dtype=np.float32)
    density, thickness = rng.uniform(0.5, 1.0), rng.uniform(0.45, 1.0)
    solid = np.zeros_like(mask)
    for side, (upper, lower) in zip((-1, 1), face_regions().brows, strict=True):
        middle = 0.45 * upper + 0.55 * lower
        high, low = (middle + thickness * (edge - middle) for edge in (upper, lower))
        outline = np.concatenate([high, low[::-1]])
        cv2.fillPoly(solid, [np.round(outline * 16).astype(np.int32)], 1.0, cv2.LINE_AA, shift=4)
        place = rng.integers(1, len(upper) - 1, 34)
        across = rng.uniform(0, 1, (34, 1))
        root = high[place] + across * (low[place] - high[place])
        lean = np.stack([side * rng.uniform(1.5, 5, 34), rng.uniform(-3.0, 0.6, 34)], axis=1)
        strokes = np.stack([root, root + lean], axis=1)
        cv2.polylines(mask, list(np.round(strokes * 16).astype(np.int32)), False, 1.0, 1,
                      cv2.LINE_AA, shift=4)  # fmt: skip
    solid = cv2.GaussianBlur(solid, (0, 0), 1.3)
    return np.clip(solid * (0.35 + 0.5 * density) + 0.55 * mask * solid, 0, 1) * density**0.5


def _paint_features(rng: np.random.Generator, head: np.ndarray, look: Look) -> None:
    regions = face_regions()
    stubble_noise = 1 + noise(rng, HEAD_HEIGHT, HEAD_WIDTH, (0, 0.1, 0.15, 0.2, 0.25, 0.3))
    stubble = np.maximum.reduce([
        regions.moustache * look.beard[0], regions.chin * look.beard[1],
        regions.stubble * look.beard[2],
    ])  # fmt: skip
    if look.beard.max() > 0:
        _mix(head, look.hair * 0.9, np.clip(stubble * stubble_noise, 0, 0.96))
    lip_shade = 1 + noise(rng, HEAD_HEIGHT, HEAD_WIDTH, (0, 0, 0.03, 0.05, 0.06, 0.06))
    _mix(head, look.lips * lip_shade[..., None], regions.lips * rng.uniform(0.6, 0.95))
    _mix(head, look.lips * 0.35, regions.lip_line * 0.75)
    _mix(head, look.skin * 0.16, regions.nostrils * 0.9)
    if look.make_up:
        shadow = look.skin * rng.uniform(0.3, 0.9, 3)
        _mix(head, shadow, regions.eye_shadow * look.make_up * rng.uniform(0, 0.8))
    brow_colour = 0.75 * look.hair if look.hair.mean() < 0.5 else look.hair * 0.45
    _mix(head, brow_colour, _brows(rng, look))
    _mix(head, [0.05, 0.05, 0.06], np.clip(regions.lashes * (0.6 + 0.6 * look.make_up), 0, 0.95))


def _paint_cloth(rng: np.random.Generator, atlas: np.ndarray, look: Look) -> None:
    """Mask, hat and collar."""
    head, regions = atlas[:HEAD_HEIGHT], face_regions()
    weave = 1 + noise(rng, HEAD_HEIGHT, HEAD_WIDTH, (0.1, 0.08, 0.06, 0.05, 0.05, 0.05))[..., None]
    collar = np.clip((regions.v - rng.uniform(150, 190)) / 3, 0, 1)
    layers = [(collar, look.hair[::-1] * 0.5 + 0.2)]
    if look.mask is not None:
        layers.append((regions.lower_face, look.mask))
    if look.hat is not None:
        line = np.interp(np.abs(regions.angle[0]), [0, 90, 180], [-46, -14, 30])
        layers.append((np.clip((line - regions.v) / 2, 0, 1).astype(np.float32), look.hat))
    for mask, colour in layers:
        _mix(head[..., :3], colour * weave, mask)
        head[..., 3] *= 1 - mask


def paint_atlas(rng: np.random.Generator, look: Look, mouth_gap: float) -> np.ndarray:
    """The atlas of one person whose lips are `mouth_gap` mm apart."""
    head = _skin(rng, look)
    _paint_features(rng, head, look)
    grown = hair_mask(rng, look) * (0.55 if look.cut == 'shaved' else 0.97)
    strands = _strands(rng, HEAD_HEIGHT, HEAD_WIDTH, 0.22)
    _mix(head, look.hair * strands[..., None], grown)
    atlas = np.zeros((ATLAS_HEIGHT, ATLAS_WIDTH, 4), dtype=np.float32)
    atlas[:HEAD_HEIGHT, :, :3] = head
    regions = face_regions()
    gloss = _SKIN_GLOSS * (1 + 0.8 * regions.nose + 0.6 * regions.lips) * (1 - 0.5 * grown)
    atlas[:HEAD_HEIGHT, :, 3] = gloss * (1 - 0.6 * np.clip(regions.nostrils, 0, 1))
    _paint_cloth(rng, atlas, look)
    paint_eyes(rng, atlas, look)
    paint_mouth(rng, atlas, look, mouth_gap)
    rows, columns = EAR_TILE.window
    ear_shade = 0.85 + 0.1 * np.cos(np.linspace(0, 9, EAR_TILE.width))[None, :, None]
    atlas[rows, columns, :3] = look.skin * [0.92, 0.92, 1.0] * ear_shade
    rows, columns = HAIR_TILE.window
    streaks = _strands(rng, HAIR_TILE.height, HAIR_TILE.width, 0.3)
    atlas[rows, columns, :3] = look.hair * streaks[..., None]
    atlas[rows, columns, 3] = _HAIR_GLOSS
    # sRGB to linear reflectance; a plain square is close enough and fast.
    atlas[..., :3] = np.square(np.clip(atlas[..., :3], 0, 1))
    return atlas
