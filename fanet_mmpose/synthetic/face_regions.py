"""Soft masks of the face's regions in the atlas, the same for every head."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np

from fanet_mmpose.synthetic import anatomy
from fanet_mmpose.synthetic.head_surface import frontal_to_chart, plain_head
from fanet_mmpose.synthetic.landmark_curves import MIRROR, landmark_curves, resample
from fanet_mmpose.synthetic.layers import Patch, make_patch
from fanet_mmpose.synthetic.texture_atlas import (
    HEAD_HEIGHT,
    HEAD_WIDTH,
    atlas_charts,
    head_to_atlas,
)

_SHAPE = (HEAD_HEIGHT, HEAD_WIDTH)
_MIDLINE_TWICE = 2 * head_to_atlas(np.zeros(2))[0]


@dataclass(frozen=True)
class FaceRegions:
    """The regions' masks, and coordinates and curves to paint along.

    Attributes:
        v: [HEAD_HEIGHT, 1] chart height of each row of texels, mm.
        angle: [1, HEAD_WIDTH] degrees round the head of each column, 0 at the front.
        brows: [2, 2, N, 2] atlas points of the upper and lower edge of the left and the right
            brow, outer end first.
        patches: by name: lips, lip_line, lashes, lid_crease, eye_shadow, under_eye, cheeks, nose,
            blush (both), moustache, chin, stubble, nostrils, cavities, folds, forehead_lines,
            lower_face.
    """

    v: np.ndarray
    angle: np.ndarray
    brows: np.ndarray
    patches: dict[str, Patch]


def _to_atlas(frontal: np.ndarray) -> np.ndarray:
    return head_to_atlas(frontal_to_chart(frontal))


def _both_sides(frontal: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    right = _to_atlas(frontal)
    return right, right * MIRROR + [_MIDLINE_TWICE, 0]


def _draw(shapes: tuple[np.ndarray, ...], width: int | None, blur: float) -> np.ndarray:
    """Fill polygons (width None) or stroke open curves, then blur."""
    mask = np.zeros(_SHAPE, dtype=np.float32)
    for shape in shapes:
        fixed = np.round(shape * 16).astype(np.int32)
        if width is None:
            cv2.fillPoly(mask, [fixed], 1.0, cv2.LINE_AA, shift=4)
        else:
            cv2.polylines(mask, [fixed], False, 1.0, width, cv2.LINE_AA, shift=4)
    return np.clip(cv2.GaussianBlur(mask, (0, 0), blur), 0, 1)


def _step(values: np.ndarray, low: float, high: float) -> np.ndarray:
    share = np.clip((values - low) / (high - low), 0, 1)
    return (share * share * (3 - 2 * share)).astype(np.float32)


def _lip_polygon() -> np.ndarray:
    ends = np.linspace(0, 1, 24)
    upper = resample(anatomy.OUTER_UPPER_LIP, ends, smooth=False)
    lower = resample(anatomy.OUTER_LOWER_LIP, ends)
    right = np.concatenate([upper[::-1], lower])
    return _to_atlas(np.concatenate([right, right[::-1] * MIRROR]))


def _beard(x: np.ndarray, y: np.ndarray, v: np.ndarray) -> dict[str, np.ndarray]:
    """Moustache, chin and whole stubble; y falls along the rings towards the ears."""
    across = np.abs(x)
    moustache = _step(v, 51, 57) * _step(-v, -66, -62) * _step(-across, -31, -21)
    # It hangs down beside the corners of the mouth.
    moustache = np.maximum(
        moustache,
        0.8 * _step(-np.abs(across - 30), -5, -2) * _step(v, 58, 64) * _step(-v, -86, -74),
    )
    chin = _step(v, 83, 90) * _step(-v, -136, -122) * _step(-across, -34, -22)
    line = 64 - 0.5 * np.clip(across - 24, 0, 60) - 0.012 * np.clip(across - 30, 0, 60) ** 2
    cheek = _step(y - line, -4, 9) * _step(-v, -142, -126) * _step(across, 12, 27)
    low = _step(v, 84, 94) * _step(-v, -142, -126)
    bare = 1 - np.clip(1.7 * _draw((_lip_polygon(),), None, 1.2), 0, 1)
    return {
        'moustache': moustache * bare,
        'chin': chin * bare,
        'stubble': np.maximum.reduce([moustache, chin, cheek, low]) * bare,
    }


def _spots(x: np.ndarray, y: np.ndarray) -> dict[str, np.ndarray]:
    """Regions that are mirrored soft spots: rows of strength, x, y, sigma x, sigma y in mm."""
    rows = {
        'eye_shadow': ((1, 31, -9, 12, 3.5),),
        'under_eye': ((1, 29, 9.5, 9, 2.6),),
        'cheeks': ((1, 40, 32, 14, 13),),
        'nose': ((1, 5, 38, 8, 8),),
        'blush': ((1, 40, 32, 14, 13), (0.9, 5, 38, 8, 8), (0.4, 0, 106, 12, 8)),
        'nostrils': ((1, 6.6, 45.8, 2.6, 1.2),),
        'cavities': (
            (0.75, 17, 2, 5, 7), (0.3, 31, -6, 16, 8), (0.55, 17.5, 45, 3.5, 4),
            (0.5, 0, 84.5, 13, 2.6), (0.6, 27, 70, 2.6, 3.2), (0.5, 0, 49.5, 9, 1.5),
        ),
    }  # fmt: skip
    return {
        name: sum(
            gain * np.exp(-0.5 * (((np.abs(x) - x0) / sx) ** 2 + ((y - y0) / sy) ** 2))
            for gain, x0, y0, sx, sy in spots
        )
        for name, spots in rows.items()
    }


def _strokes() -> dict[str, np.ndarray]:
    """Regions along curves."""
    ends = np.linspace(0, 1, 24)
    upper = _both_sides(resample(anatomy.UPPER_LID, ends))
    lower = _both_sides(resample(anatomy.LOWER_LID, ends))
    crease = _both_sides(resample(anatomy.UPPER_LID, np.linspace(0.03, 0.85, 20)) - [0, 3.8])
    folds = _both_sides(np.array([[18, 41], [23.5, 50], [29, 60], [32, 69]], dtype=float))
    across = np.linspace(-34, 34, 30)
    lines = tuple(
        head_to_atlas(np.stack([across, height - 3 * np.cos(across / 16)], axis=1))
        for height in (-34.0, -42.0, -50.0)
    )
    mouth = landmark_curves().mouth
    return {
        'lips': _draw((_lip_polygon(),), None, 0.9),
        'lip_line': _draw((head_to_atlas(np.concatenate([mouth, mouth[:1]])),), 1, 0.7),
        'lashes': np.clip(_draw(upper, 2, 0.6) + 0.4 * _draw(lower, 1, 0.6), 0, 1),
        'lid_crease': _draw(crease, 1, 0.8),
        'folds': _draw(folds, 2, 1.3),
        'forehead_lines': _draw(lines, 1, 0.8),
    }


@cache
def face_regions() -> FaceRegions:
    """Built once per process."""
    chart = atlas_charts()
    flat = plain_head(chart.reshape(-1, 2)).reshape(*_SHAPE, 3)
    x, y, v = flat[..., 0], flat[..., 1], chart[..., 1]
    angle = np.rad2deg(chart[0, :, 0] / 70)[None].astype(np.float32)
    front = np.abs(angle) < 88
    masks = {**_beard(x, y, v), **_spots(x, y), **_strokes()}
    masks['lower_face'] = _step(y + 0.1 * np.abs(x), 28, 31) * _step(-v, -146, -140)
    ends = np.linspace(0, 1, 40)
    edges = np.stack([resample(edge, ends) for edge in (anatomy.UPPER_BROW, anatomy.LOWER_BROW)])
    right = _to_atlas(edges.reshape(-1, 2)).reshape(edges.shape)
    return FaceRegions(
        v=v[:, :1].astype(np.float32),
        angle=angle,
        brows=np.stack([right * MIRROR + [_MIDLINE_TWICE, 0], right]),
        patches={name: make_patch(mask * front) for name, mask in masks.items()},
    )
