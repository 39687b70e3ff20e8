"""Soft masks of the face's regions in the atlas, the same for every head."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np

from fanet_mmpose.datasets.synthetic import anatomy
from fanet_mmpose.datasets.synthetic.head_surface import frontal_to_chart, plain_head
from fanet_mmpose.datasets.synthetic.landmark_curves import MIRROR, landmark_curves, resample
from fanet_mmpose.datasets.synthetic.texture_atlas import (
    HEAD_HEIGHT,
    HEAD_WIDTH,
    atlas_charts,
    head_to_atlas,
)


@dataclass(frozen=True)
class FaceRegions:
    """Masks [HEAD_HEIGHT, HEAD_WIDTH] float32 in 0..1, and curves in atlas pixels.

    Attributes:
        x, y: frontal position of each texel, mm; y follows the tilt of the head's rings.
        v: chart height of each texel, mm.
        angle: degrees round the head, 0 at the front.
        lips, lip_line, lashes, lid_crease, eye_shadow, under_eye, cheeks, nose, moustache, chin,
            stubble, nostrils, cavities, folds, lower_face: what they say.
        brows: [2, 2, N, 2] upper and lower edge of the left and the right brow, outer end first.
    """

    x: np.ndarray
    y: np.ndarray
    v: np.ndarray
    angle: np.ndarray
    lips: np.ndarray
    lip_line: np.ndarray
    lashes: np.ndarray
    lid_crease: np.ndarray
    eye_shadow: np.ndarray
    under_eye: np.ndarray
    cheeks: np.ndarray
    nose: np.ndarray
    moustache: np.ndarray
    chin: np.ndarray
    stubble: np.ndarray
    nostrils: np.ndarray
    cavities: np.ndarray
    folds: np.ndarray
    lower_face: np.ndarray
    brows: np.ndarray


def _to_atlas(frontal: np.ndarray) -> np.ndarray:
    return head_to_atlas(frontal_to_chart(frontal))


def _both_sides(frontal: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return _to_atlas(frontal), _to_atlas(frontal) * MIRROR + [2 * 128, 0]


def _draw(shapes: tuple[np.ndarray, ...], width: float | None, blur: float) -> np.ndarray:
    """Fill polygons (width None) or stroke open curves, then blur."""
    mask = np.zeros((HEAD_HEIGHT, HEAD_WIDTH), dtype=np.float32)
    for shape in shapes:
        fixed = np.round(shape * 16).astype(np.int32)
        if width is None:
            cv2.fillPoly(mask, [fixed], 1.0, cv2.LINE_AA, shift=4)
        else:
            cv2.polylines(mask, [fixed], False, 1.0, max(1, round(width)), cv2.LINE_AA, shift=4)
    return np.clip(cv2.GaussianBlur(mask, (0, 0), blur), 0, 1) if blur else mask


def _spot(x: np.ndarray, y: np.ndarray, row: tuple[float, float, float, float]) -> np.ndarray:
    """Two mirrored soft spots; row is x, y, sigma x, sigma y in mm."""
    x0, y0, sigma_x, sigma_y = row
    spot = np.exp(-0.5 * (((np.abs(x) - x0) / sigma_x) ** 2 + ((y - y0) / sigma_y) ** 2))
    return spot.astype(np.float32)


def _step(values: np.ndarray, low: float, high: float) -> np.ndarray:
    share = np.clip((values - low) / (high - low), 0, 1)
    return (share * share * (3 - 2 * share)).astype(np.float32)


def _lip_polygon() -> np.ndarray:
    ends = np.linspace(0, 1, 24)
    upper = resample(anatomy.OUTER_UPPER_LIP, ends, smooth=False)
    lower = resample(anatomy.OUTER_LOWER_LIP, ends)
    right = np.concatenate([upper[::-1], lower])
    return _to_atlas(np.concatenate([right, right[::-1] * MIRROR]))


def _beard(x: np.ndarray, y: np.ndarray, v: np.ndarray) -> tuple[np.ndarray, ...]:
    """Moustache, chin and whole stubble; y falls along the rings towards the ears."""
    front = np.abs(x) < 200
    moustache = _step(v, 52, 57) * _step(-v, -67, -62) * _step(-np.abs(x), -33, -22)
    chin = _step(v, 82, 90) * _step(-v, -136, -122) * _step(-np.abs(x), -34, -22)
    line = 64 - 0.5 * np.clip(np.abs(x) - 24, 0, 60) - 0.012 * np.clip(np.abs(x) - 30, 0, 60) ** 2
    cheek = _step(y - line, -4, 9) * _step(-v, -142, -126) * _step(np.abs(x), 12, 27)
    stubble = np.maximum.reduce([moustache, chin, cheek, _step(v, 84, 94) * _step(-v, -142, -126)])
    return moustache * front, chin * front, stubble * front


@cache
def face_regions() -> FaceRegions:
    """Built once per process."""
    chart = atlas_charts()
    flat = plain_head(chart.reshape(-1, 2)).reshape(HEAD_HEIGHT, HEAD_WIDTH, 3).astype(np.float32)
    x, y, v = flat[..., 0], flat[..., 1], chart[..., 1].astype(np.float32)
    angle = np.rad2deg(chart[..., 0] / 70).astype(np.float32)
    front = (np.abs(angle) < 88).astype(np.float32)
    lids = _both_sides(resample(anatomy.UPPER_LID, np.linspace(0, 1, 24)))
    low_lids = _both_sides(resample(anatomy.LOWER_LID, np.linspace(0, 1, 24)))
    crease = _both_sides(resample(anatomy.UPPER_LID, np.linspace(0.05, 0.88, 20)) - [0, 4.2])
    folds = _both_sides(np.array([[17.5, 40], [23, 50], [29, 60], [32, 68]], dtype=float))
    lips = _draw((_lip_polygon(),), None, 1.0)
    moustache, chin, stubble = _beard(x, y, v)
    bare = 1 - np.clip(1.6 * _draw((_lip_polygon(),), None, 1.6), 0, 1)
    mouth = landmark_curves().mouth
    brow_ends = np.linspace(0, 1, 40)
    edges = np.stack(
        [resample(anatomy.UPPER_BROW, brow_ends), resample(anatomy.LOWER_BROW, brow_ends)]
    )
    right = _to_atlas(edges.reshape(-1, 2)).reshape(edges.shape)
    return FaceRegions(
        x=x, y=y, v=v, angle=angle,
        lips=lips,
        lip_line=_draw((head_to_atlas(np.concatenate([mouth, mouth[:1]])),), 1, 0.8) * front,
        lashes=np.clip(_draw(lids, 2, 0.7) + 0.45 * _draw(low_lids, 1, 0.7), 0, 1),
        lid_crease=_draw(crease, 1, 0.9),
        eye_shadow=_spot(x, y, (31, -9, 12, 4)) * front,
        under_eye=_spot(x, y, (29, 10, 10, 3.2)) * front,
        cheeks=_spot(x, y, (40, 32, 14, 13)) * front,
        nose=_spot(x, y, (6, 38, 9, 9)) * front,
        moustache=moustache * bare, chin=chin * bare, stubble=stubble * bare,
        nostrils=_spot(x, y, (6.8, 45.6, 3.3, 1.5)) * front,
        cavities=np.clip(
            0.75 * _spot(x, y, (17, 2, 6, 8)) + 0.3 * _spot(x, y, (31, -6, 16, 8))
            + 0.5 * _spot(x, y, (17, 46, 5, 4)) + 0.5 * _spot(x, y, (0, 84.5, 14, 3))
            + 0.5 * _spot(x, y, (27, 70, 3, 4)), 0, 1) * front,
        folds=_draw(folds, 1, 1.2) * front,
        lower_face=_step(y + 0.1 * np.abs(x), 28, 31) * _step(-v, -146, -140) * front,
        brows=np.stack([right * MIRROR + [2 * 128, 0], right]),
    )  # fmt: skip
