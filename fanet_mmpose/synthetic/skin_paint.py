"""Paints the atlas of one person: skin, brows, lips, beard, hair, cloth.

The atlas is float32 [ATLAS_HEIGHT, ATLAS_WIDTH, 4]: linear reflectance (blue first) and gloss.
"""

from __future__ import annotations

import cv2
import numpy as np

from fanet_mmpose.synthetic.cover import hat_line
from fanet_mmpose.synthetic.face_regions import face_regions
from fanet_mmpose.synthetic.layers import lay_over, shaded, tinted
from fanet_mmpose.synthetic.look import Look
from fanet_mmpose.synthetic.mouth_and_eye_paint import (
    EYE_GLOSS,
    TOOTH_GLOSS,
    paint_eye,
    paint_human_mouth,
    paint_mouth,
)
from fanet_mmpose.synthetic.noise_bank import noise
from fanet_mmpose.synthetic.texture_atlas import (
    ATLAS_HEIGHT,
    ATLAS_WIDTH,
    EAR_TILE,
    EYE_TILES,
    HAIR_TILE,
    HEAD_HEIGHT,
    HEAD_WIDTH,
    MOUTH_TILE,
    Tile,
)

_SKIN_GLOSS, _HAIR_GLOSS = 0.35, 0.25
_HEAD = (HEAD_HEIGHT, HEAD_WIDTH)


def _paint_skin(
    rng: np.random.Generator, look: Look, smile: float, folds: float = 1.0
) -> np.ndarray:
    """Living skin [HEAD_HEIGHT, HEAD_WIDTH, 3]."""
    patches = face_regions().patches
    rough = np.float32(rng.uniform(0.01, 0.025) + 0.025 * look.age)
    redness = np.float32(rng.uniform(0.006, 0.03)) * noise(rng, 'blotches', *_HEAD)
    shade = 1 + rough * noise(rng, 'skin', *_HEAD)
    shade += np.float32(0.03) * noise(rng, 'clouds', *_HEAD)
    head = cv2.merge(
        [
            (shade + np.float32(tint) * redness) * np.float32(channel)
            for tint, channel in zip((-1.0, -1.2, 0.3), look.skin, strict=True)
        ]
    )
    patches['blush'].scale(head, rng.uniform(0.02, 0.11) * np.array([-1.4, -1.6, 0.25]))
    depth = 0.6 + 0.6 * look.age
    for name, low, high in (
        ('cavities', 0.25, 0.45), ('folds', 0.05, 0.38), ('under_eye', 0, 0.28),
        ('lid_crease', 0.1, 0.45), ('forehead_lines', -0.15, 0.25),
    ):  # fmt: skip
        share = folds if name in ('folds', 'cavities', 'lid_crease', 'forehead_lines') else 1.0
        patches[name].scale(head, -share * max(0.0, depth * rng.uniform(low, high)))
    if smile > 0.2 and folds == 1.0:
        patches['folds'].scale(head, -min(0.35, 0.3 * smile))
    return head


def _brow_strokes(rng: np.random.Generator, head: np.ndarray, look: Look) -> None:
    """Brows as short strokes that rise and lean outwards over a soft ground."""
    density, thickness = rng.uniform(0.45, 1.0), rng.uniform(0.5, 1.0)
    brows = face_regions().brows
    top, bottom = int(brows[..., 1].min()) - 6, int(brows[..., 1].max()) + 7
    lines = np.zeros((bottom - top, HEAD_WIDTH), dtype=np.float32)
    ground = np.zeros_like(lines)
    count = 30
    for side, (upper, lower) in zip((-1, 1), brows - [0, top], strict=True):
        middle = 0.5 * (upper + lower)
        high, low = (middle + thickness * (edge - middle) for edge in (upper, lower))
        outline = np.round(np.concatenate([high, low[::-1]]) * 16).astype(np.int32)
        cv2.fillPoly(ground, [outline], 1.0, cv2.LINE_AA, shift=4)
        place = rng.integers(1, len(upper) - 1, count)
        root = high[place] + rng.uniform(0, 1, (count, 1)) * (low[place] - high[place])
        lean = np.stack([side * rng.uniform(1.5, 5, count), rng.uniform(-3.0, 0.6, count)], axis=1)
        strokes = np.round(np.stack([root, root + lean], axis=1) * 16).astype(np.int32)
        cv2.polylines(lines, list(strokes), False, 1.0, 1, cv2.LINE_AA, shift=4)
    ground = cv2.GaussianBlur(ground, (0, 0), 1.2)
    opacity = density**0.5 * np.minimum(ground * (0.4 + 0.4 * density + 0.5 * lines), 1)
    head[top:bottom] = lay_over(head[top:bottom], look.brow_colour, opacity)


def _paint_beard(rng: np.random.Generator, head: np.ndarray, look: Look) -> None:
    patches = face_regions().patches
    for name, opacity in zip(('stubble', 'chin', 'moustache'), look.beard[::-1], strict=True):
        if opacity > 0.02:
            patch = patches[name]
            tips = 0.9 + 0.16 * noise(rng, 'grain', *patch.size)
            tips += 0.08 * noise(rng, 'strands', *patch.size)
            patch.blend(head, look.hair * 0.85, np.clip(opacity * tips, 0, 0.96))


def _paint_features(rng: np.random.Generator, head: np.ndarray, look: Look) -> None:
    patches = face_regions().patches
    _paint_beard(rng, head, look)
    lips = patches['lips']
    chapped = shaded(noise(rng, 'grain', *lips.size), look.lips, 0.07)
    lips.blend(head, chapped, rng.uniform(0.55, 0.95))
    patches['lip_line'].blend(head, look.lips * 0.4, 0.7)
    patches['nostrils'].blend(head, look.skin * 0.2, rng.uniform(0.6, 0.95))
    if look.make_up:
        shadow = look.skin * rng.uniform(0.3, 0.9, 3)
        patches['eye_shadow'].blend(head, shadow, look.make_up * rng.uniform(0, 0.8))
    _brow_strokes(rng, head, look)
    lashes = min(0.95, rng.uniform(0.45, 0.8) + 0.5 * look.make_up)
    patches['lashes'].blend(head, np.full(3, 0.05), lashes)


def _hair_growth(rng: np.random.Generator, look: Look) -> np.ndarray:
    """Opacity of the hair [HEAD_HEIGHT, HEAD_WIDTH], with a ragged edge."""
    regions = face_regions()
    line = np.interp(np.abs(regions.angle), look.line_angles, look.line).astype(np.float32)
    edge = line - regions.v
    edge += np.float32(3.5) * noise(rng, 'strands', *_HEAD)
    edge += np.float32(2.0) * noise(rng, 'blotches', *_HEAD)
    soft = {'bald': 12.0, 'shaved': 9.0}.get(look.cut, 5.0)
    grown = np.clip(edge / np.float32(soft) + np.float32(0.5), 0, 0.97)
    return grown * np.float32(0.55) if look.cut == 'shaved' else grown


def _paint_cloth(rng: np.random.Generator, head: np.ndarray, look: Look) -> None:
    """Collar, mask and hat, in place."""
    regions = face_regions()
    weave = noise(rng, 'rough', *_HEAD)
    collar = slice(HEAD_HEIGHT - 60, HEAD_HEIGHT)
    below = np.clip((regions.v[collar] - look.collar) / 3, 0, 1).repeat(HEAD_WIDTH, axis=1)
    head[collar] = lay_over(head[collar], shaded(weave[collar], look.cloth, 0.09), below)
    if look.mask is not None:
        patch = regions.patches['lower_face']
        patch.blend(head, shaded(weave[patch.window], look.mask, 0.09))
    if look.hat is not None:
        under = np.clip((hat_line(regions.angle) - regions.v) / 2, 0, 1)
        head[...] = lay_over(head, shaded(weave, look.hat, 0.09), under)


def _gloss(look: Look, grown: np.ndarray) -> np.ndarray:
    """Strength of the shine of skin and hair [HEAD_HEIGHT, HEAD_WIDTH]."""
    shine = np.float32(_SKIN_GLOSS * look.oiliness)
    gloss = shine - np.float32(0.6) * shine * grown
    patches = face_regions().patches
    for name, more in (('nose', 0.8), ('lips', 0.7), ('nostrils', -0.9)):
        patches[name].scale(gloss, more)
    if look.mask is not None:
        patches['lower_face'].scale(gloss, -1.0)
    if look.hat is not None:
        regions = face_regions()
        gloss *= hat_line(regions.angle) < regions.v
    return gloss


def _fill(atlas: np.ndarray, tile: Tile, picture: np.ndarray, gloss: float | np.ndarray) -> None:
    """Put an sRGB picture into a tile; a plain square makes it linear closely enough."""
    atlas[..., :3][tile.window] = picture * picture
    atlas[..., 3][tile.window] = gloss


def paint_atlas(
    rng: np.random.Generator, look: Look, mouth_gap: float | None, smile: float
) -> np.ndarray:
    """The atlas of one person.

    Args:
        rng: for everything that `look` leaves open.
        look: the person.
        mouth_gap: distance between the lips, mm; None where the teeth are modelled.
        smile: strength of the smile: it deepens the folds beside the mouth.
    """
    # A modelled face has folds of its own.
    head = _paint_skin(rng, look, smile, 1.0 if mouth_gap is not None else 0.35)
    _paint_features(rng, head, look)
    grown = _hair_growth(rng, look)
    head = lay_over(head, shaded(noise(rng, 'strands', *_HEAD), look.hair, 0.25), grown)
    _paint_cloth(rng, head, look)
    head *= head
    atlas = np.empty((ATLAS_HEIGHT, ATLAS_WIDTH, 4), dtype=np.float32)
    atlas[:HEAD_HEIGHT] = cv2.merge([*cv2.split(head), _gloss(look, grown)])
    eye = paint_eye(rng, look)
    for tile in EYE_TILES:
        _fill(atlas, tile, eye, EYE_GLOSS)
    if mouth_gap is None:
        mouth, shadow = paint_human_mouth(rng, look)
    else:
        mouth, shadow = paint_mouth(rng, look, mouth_gap)
    _fill(atlas, MOUTH_TILE, mouth, TOOTH_GLOSS * shadow)
    lobes = np.cos(np.linspace(0, 9, EAR_TILE.width, dtype=np.float32))
    ear = tinted(np.tile(0.85 + 0.1 * lobes, (EAR_TILE.height, 1)), look.skin * [0.92, 0.92, 1.0])
    _fill(atlas, EAR_TILE, ear, _SKIN_GLOSS)
    strands = noise(rng, 'strands', HAIR_TILE.height, HAIR_TILE.width)
    _fill(atlas, HAIR_TILE, shaded(strands, look.hair, 0.3), _HAIR_GLOSS)
    return atlas
