"""Glasses: two rims, a bridge and arms as curves in 3D, drawn over the finished head."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from fanet_mmpose.synthetic.head_pose import PosedHead
from fanet_mmpose.synthetic.layers import lay_over
from fanet_mmpose.synthetic.look import random_colour

_CURVE_POINTS = 28
_DARK = 0.6


@dataclass(frozen=True)
class Glasses:
    """One pair.

    Attributes:
        half_size: half width and half height of a lens, mm.
        boxiness: exponent of the lens's superellipse, 2 = round.
        drop: how far below the pupils the lenses' middle lies, mm.
        frame: linear colour [3].
        thickness: of the frame, mm; 0 means rimless.
        tint: linear colour of the lenses [3].
        opacity: of the lenses, 0..1.
        shine: strength of a reflection across the lenses, 0..1.
    """

    half_size: np.ndarray
    boxiness: float
    drop: float
    frame: np.ndarray
    thickness: float
    tint: np.ndarray
    opacity: float
    shine: float


def draw_glasses(rng: np.random.Generator) -> Glasses:
    """Choose a pair at random; a quarter are dark."""
    dark = rng.random() < 0.25
    frame = random_colour(rng) if rng.random() < 0.4 else np.full(3, rng.uniform(0.03, 0.25))
    size = rng.uniform([20, 11], [28, 21]) + (2 if dark else 0)
    return Glasses(
        half_size=np.minimum(size, [28.0, size[0]]),
        boxiness=float(rng.uniform(2, 5)),
        drop=float(rng.uniform(1, 7)),
        frame=np.square(frame),
        thickness=float(
            rng.choice([0.0, rng.uniform(0.8, 2), rng.uniform(2, 5)], p=[0.1, 0.5, 0.4])
        ),
        tint=np.square(random_colour(rng) * (0.25 if dark else 0.8)),
        opacity=float(rng.uniform(_DARK + 0.05, 0.98) if dark else rng.uniform(0.0, 0.12)),
        shine=float(rng.uniform(0, 0.5) if rng.random() < 0.4 else 0.0),
    )


def _lens(glasses: Glasses, side: int, bridge: np.ndarray, eye_x: float) -> np.ndarray:
    """Rim of one lens [N, 3], head's frame."""
    turn = np.linspace(0, 2 * np.pi, _CURVE_POINTS, endpoint=False)
    cosine, sine = np.cos(turn), np.sin(turn)
    radius = (np.abs(cosine) ** glasses.boxiness + np.abs(sine) ** glasses.boxiness) ** (
        -1 / glasses.boxiness
    )
    x = side * eye_x + glasses.half_size[0] * radius * cosine
    y = glasses.drop + glasses.half_size[1] * radius * sine
    z = bridge[2] + 3 - 0.0055 * x**2 - 0.1 * (y - glasses.drop)
    return np.stack([x, y, z], axis=1)


def _stroke(picture: np.ndarray, line: np.ndarray, glasses: Glasses, width: float, closed: bool):
    fixed = [np.round(line * 16).astype(np.int32)]
    colour = glasses.frame.tolist()
    cv2.polylines(picture, fixed, closed, colour, max(1, round(width)), cv2.LINE_AA, shift=4)


def _tint_lens(
    picture: np.ndarray, glasses: Glasses, rim: np.ndarray, shown: np.ndarray
) -> np.ndarray:
    """Fill one lens in place; returns its mask [H, W] float32."""
    mask = np.zeros(picture.shape[:2], dtype=np.float32)
    cv2.fillPoly(mask, [np.round(rim * 16).astype(np.int32)], 1.0, cv2.LINE_AA, shift=4)
    mask *= shown
    if glasses.opacity > 0:
        picture[...] = lay_over(picture, glasses.tint, glasses.opacity * mask)
    if glasses.shine > 0:
        middle, width = rim.mean(axis=0), np.ptp(rim[:, 0])
        y, x = np.mgrid[: mask.shape[0], : mask.shape[1]].astype(np.float32)
        band = (x - middle[0]) + (y - middle[1])
        glare = glasses.shine * np.exp(-((band / (0.2 * width + 1)) ** 2)) * mask
        picture[...] = lay_over(picture, np.full(3, 0.9), glare)
    return mask


def _arm(glasses: Glasses, side: int, bridge: np.ndarray, eye_x: float) -> np.ndarray:
    hinge_x = eye_x + glasses.half_size[0]
    hinge = [side * hinge_x, glasses.drop - 5, bridge[2] + 3 - 0.0055 * hinge_x**2]
    return np.array([hinge, [side * 72, -6, -60], [side * 75, -6, -86]])


def wear(picture: np.ndarray, head: PosedHead, depth: np.ndarray, glasses: Glasses) -> np.ndarray:
    """Draw glasses on a picture in linear light, in place.

    Args:
        picture: [H, W, 3].
        head: whose nose they sit on.
        depth: [H, W] mm, camera axes: a lens behind the nose stays behind it.
        glasses: from `draw_glasses`.

    Returns:
        [H, W] uint8, 1 where a lens hides the eye.
    """
    vertices = head.vertices[head.state.mesh.landmarks]
    bridge = 0.6 * vertices[51] + 0.4 * vertices[52]
    eye_x = float(np.ptp(vertices[[96, 97], 0]) / 2) + 1
    hidden = np.zeros(picture.shape[:2], dtype=np.uint8)
    width = max(glasses.thickness, 0.5) * head.pixels_per_mm
    inner = []
    for side in (-1, 1):
        rim = _lens(glasses, side, bridge, eye_x)
        points, nearness = head.project(rim)
        shown = (depth < nearness.mean() + 8).astype(np.float32)
        mask = _tint_lens(picture, glasses, points, shown)
        if glasses.opacity > _DARK:
            hidden |= (mask > 0.5).astype(np.uint8)
        before = picture.copy()
        if glasses.thickness > 0:
            _stroke(picture, points, glasses, width, True)
        if head.head_axes[2, 0] * side > -0.1:
            arm, _ = head.project(_arm(glasses, side, bridge, eye_x))
            _stroke(picture, arm, glasses, width, False)
        picture[shown == 0] = before[shown == 0]
        inner.append(points[_CURVE_POINTS // 2 if side == 1 else 0])
    middle, _ = head.project(bridge[None] + [0, glasses.drop - 5, 4])
    _stroke(picture, np.stack([inner[0], middle[0], inner[1]]), glasses, width, False)
    return hidden
