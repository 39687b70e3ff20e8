"""Paints the atlas of one person: skin, brows, lips, beard, hair, cloth.

The atlas is float32 [ATLAS_HEIGHT, ATLAS_WIDTH, 4]: linear reflectance (blue first) and gloss.
"""

from __future__ import annotations

import cv2
import numpy as np

from fanet_mmpose.datasets.synthetic.face_mesh import face_mesh
from fanet_mmpose.datasets.synthetic.face_regions import face_regions
from fanet_mmpose.datasets.synthetic.head_surface import MM_PER_RADIAN
from fanet_mmpose.datasets.synthetic.landmark_curves import NUM_OUTLINE
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
# Mouth, lower nose, and the outline from cheek to cheek.
_UNDER_CLOTH = (*range(5, 28), 53, 54, *range(55, 60), *range(76, 96))
_HAT_LINE = np.array([[0, -46], [90, -14], [180, 30]])


def hat_line(degrees: np.ndarray) -> np.ndarray:
    """Chart height of a hat's rim at angles round the head, mm."""
    return np.interp(np.abs(degrees), *_HAT_LINE.T)


def painted_over(look: Look) -> np.ndarray:
    """Which of the 98 points lie under a fringe or a cloth [98], bool."""
    mesh = face_mesh()
    on_skin = mesh.landmarks[:96]
    degrees, height = np.rad2deg(mesh.chart[on_skin, 0] / MM_PER_RADIAN), mesh.chart[on_skin, 1]
    covered = np.zeros(98, dtype=bool)
    if look.cut != 'shaved':
        # The outline in front of the ears is marked where sideburns are, too.
        fringe = np.interp(np.abs(degrees), look.line_angles, look.line) > height + 1
        covered[NUM_OUTLINE:96] = fringe[NUM_OUTLINE:]
    if look.mask is not None:
        covered[list(_UNDER_CLOTH)] = True
    return covered


def _paint_skin(rng: np.random.Generator, head: np.ndarray, look: Look) -> None:
    """Fill the head [HEAD_HEIGHT, HEAD_WIDTH, 3] with living skin."""
    patches = face_regions().patches
    rough = rng.uniform(0.01, 0.025) + 0.025 * look.age
    redness = rng.uniform(0.006, 0.03) * noise(rng, 'blotches', HEAD_HEIGHT, HEAD_WIDTH)
    shade = 1 + rough * noise(rng, 'skin', HEAD_HEIGHT, HEAD_WIDTH)
    shade += 0.03 * noise(rng, 'clouds', HEAD_HEIGHT, HEAD_WIDTH)
    for channel, tint in enumerate((-1.0, -1.2, 0.3)):
        np.multiply(shade + tint * redness, look.skin[channel], out=head[..., channel])
    patches['blush'].scale(head, rng.uniform(0.02, 0.11) * np.array([-1.4, -1.6, 0.25]))
    depth = 0.6 + 0.6 * look.age
    for name, low, high in (
        ('cavities', 0.25, 0.45), ('folds', 0.05, 0.38), ('under_eye', 0, 0.28),
        ('lid_crease', 0.1, 0.45), ('forehead_lines', -0.15, 0.25),
    ):  # fmt: skip
        patches[name].scale(head, -max(0.0, depth * rng.uniform(low, high)))


def _strands(rng: np.random.Generator, height: int, width: int, contrast: float) -> np.ndarray:
    """Streaks that run down the picture [height, width, 1], about 1 in mean."""
    return np.maximum(1 + contrast * noise(rng, 'strands', height, width), 0.15)[..., None]


def _brow_strokes(rng: np.random.Generator, picture: np.ndarray, look: Look) -> None:
    """Brows as short strokes that rise and lean outwards over a soft ground."""
    density, thickness = rng.uniform(0.45, 1.0), rng.uniform(0.5, 1.0)
    lines = np.zeros(picture.shape[:2], dtype=np.float32)
    ground = np.zeros_like(lines)
    count = 30
    for side, (upper, lower) in zip((-1, 1), face_regions().brows, strict=True):
        middle = 0.5 * (upper + lower)
        high, low = (middle + thickness * (edge - middle) for edge in (upper, lower))
        outline = np.round(np.concatenate([high, low[::-1]]) * 16).astype(np.int32)
        cv2.fillPoly(ground, [outline], 1.0, cv2.LINE_AA, shift=4)
        place = rng.integers(1, len(upper) - 1, count)
        root = high[place] + rng.uniform(0, 1, (count, 1)) * (low[place] - high[place])
        lean = np.stack([side * rng.uniform(1.5, 5, count), rng.uniform(-3.0, 0.6, count)], axis=1)
        strokes = np.round(np.stack([root, root + lean], axis=1) * 16).astype(np.int32)
        cv2.polylines(lines, list(strokes), False, 1.0, 1, cv2.LINE_AA, shift=4)
    top, bottom = (int(edge(face_regions().brows[..., 1])) for edge in (np.min, np.max))
    rows = slice(top - 6, bottom + 7)
    ground = cv2.GaussianBlur(ground[rows], (0, 0), 1.2)
    opacity = density**0.5 * np.minimum(ground * (0.4 + 0.4 * density + 0.5 * lines[rows]), 1)
    part = picture[rows]
    part += opacity[..., None] * (look.brow_colour.astype(np.float32) - part)


def _paint_beard(rng: np.random.Generator, head: np.ndarray, look: Look) -> None:
    patches = face_regions().patches
    for name, opacity in zip(('stubble', 'chin', 'moustache'), look.beard[::-1], strict=True):
        if opacity > 0.02:
            patch = patches[name]
            tips = 0.85 + 0.35 * noise(rng, 'grain', *patch.size)[..., None]
            tips += 0.2 * noise(rng, 'strands', *patch.size)[..., None]
            patch.blend(head, look.hair * 0.85, np.clip(opacity * tips, 0, 0.96))


def _paint_features(rng: np.random.Generator, head: np.ndarray, look: Look) -> None:
    patches = face_regions().patches
    _paint_beard(rng, head, look)
    lips = patches['lips']
    chapped = 1 + 0.07 * noise(rng, 'grain', *lips.size)[..., None]
    lips.blend(head, look.lips * chapped, rng.uniform(0.55, 0.95))
    patches['lip_line'].blend(head, look.lips * 0.4, 0.7)
    patches['nostrils'].blend(head, look.skin * 0.2, rng.uniform(0.6, 0.95))
    if look.make_up:
        shadow = look.skin * rng.uniform(0.3, 0.9, 3)
        patches['eye_shadow'].blend(head, shadow, look.make_up * rng.uniform(0, 0.8))
    _brow_strokes(rng, head, look)
    patches['lashes'].blend(head, 0.05, min(0.95, rng.uniform(0.45, 0.8) + 0.5 * look.make_up))


def _paint_hair(rng: np.random.Generator, head: np.ndarray, look: Look) -> np.ndarray:
    """Hair in place; returns where it grows [HEAD_HEIGHT, HEAD_WIDTH]."""
    regions = face_regions()
    line = np.interp(np.abs(regions.angle), look.line_angles, look.line).astype(np.float32)
    tips = 3.5 * noise(rng, 'strands', HEAD_HEIGHT, HEAD_WIDTH)
    tips += 2.0 * noise(rng, 'blotches', HEAD_HEIGHT, HEAD_WIDTH)
    soft = {'bald': 12.0, 'shaved': 9.0}.get(look.cut, 5.0)
    grown = np.clip((line + tips - regions.v) / soft + 0.5, 0, 0.97)
    if look.cut == 'shaved':
        grown *= 0.55
    strands = look.hair.astype(np.float32) * _strands(rng, HEAD_HEIGHT, HEAD_WIDTH, 0.25)
    head += grown[..., None] * (strands - head)
    return grown


def _paint_cloth(rng: np.random.Generator, atlas: np.ndarray, look: Look) -> None:
    """Collar, mask and hat, in place."""
    regions = face_regions()
    weave = 1 + 0.09 * noise(rng, 'rough', HEAD_HEIGHT, HEAD_WIDTH)[..., None]
    top = HEAD_HEIGHT - 60
    collar = np.clip((regions.v[top:, :, None] - look.collar) / 3, 0, 1)
    part = atlas[top:HEAD_HEIGHT, :, :3]
    part += collar * (look.cloth.astype(np.float32) * weave[top:] - part)
    if look.mask is not None:
        patch = regions.patches['lower_face']
        patch.blend(atlas[:HEAD_HEIGHT, :, :3], look.mask * weave[patch.window])
    if look.hat is not None:
        under = np.clip((hat_line(regions.angle) - regions.v) / 2, 0, 1)[..., None]
        head = atlas[:HEAD_HEIGHT]
        head[..., :3] += under * (look.hat * weave - head[..., :3])
        head[..., 3:] *= 1 - under


def paint_atlas(rng: np.random.Generator, look: Look, mouth_gap: float) -> np.ndarray:
    """The atlas of one person whose lips are `mouth_gap` mm apart."""
    atlas = np.empty((ATLAS_HEIGHT, ATLAS_WIDTH, 4), dtype=np.float32)
    head = np.empty((HEAD_HEIGHT, HEAD_WIDTH, 3), dtype=np.float32)
    _paint_skin(rng, head, look)
    _paint_features(rng, head, look)
    grown = _paint_hair(rng, head, look)
    atlas[:HEAD_HEIGHT, :, :3] = head
    gloss = atlas[:HEAD_HEIGHT, :, 3:]
    gloss[...] = _SKIN_GLOSS * look.oiliness * (1 - 0.6 * grown[..., None])
    patches = face_regions().patches
    for name, more in (('nose', 0.8), ('lips', 0.7), ('nostrils', -0.9)):
        patches[name].scale(gloss, more)
    _paint_cloth(rng, atlas, look)
    paint_eyes(rng, atlas, look)
    paint_mouth(rng, atlas, look, mouth_gap)
    rows, columns = EAR_TILE.window
    ear_shade = 0.85 + 0.1 * np.cos(np.linspace(0, 9, EAR_TILE.width))[None, :, None]
    atlas[rows, columns, :3] = look.skin * [0.92, 0.92, 1.0] * ear_shade
    atlas[rows, columns, 3] = _SKIN_GLOSS
    rows, columns = HAIR_TILE.window
    atlas[rows, columns, :3] = look.hair * _strands(rng, HAIR_TILE.height, HAIR_TILE.width, 0.3)
    atlas[rows, columns, 3] = _HAIR_GLOSS
    # sRGB to linear reflectance; a plain square is close enough and fast.
    atlas[..., :3] *= atlas[..., :3]
    return atlas
