"""What lies behind a head: walls, gradients, blobs, clutter, shoulders."""

from __future__ import annotations

import cv2
import numpy as np

from fanet_mmpose.synthetic.layers import lay_over, shaded, tinted
from fanet_mmpose.synthetic.look import random_colour
from fanet_mmpose.synthetic.noise_bank import noise


def _clutter(rng: np.random.Generator, picture: np.ndarray, count: int) -> None:
    """Random boxes, discs and bars, in place."""
    height, width = picture.shape[:2]
    for _ in range(count):
        colour = random_colour(rng).tolist()
        x, y = rng.integers(-20, width + 20), rng.integers(-20, height + 20)
        size = rng.integers(6, max(8, width // 2), 2)
        kind = rng.integers(3)
        if kind == 0:
            tilt = float(rng.choice([0, rng.uniform(0, 90)]))
            box = cv2.boxPoints(((float(x), float(y)), (float(size[0]), float(size[1])), tilt))
            cv2.fillConvexPoly(picture, np.round(box).astype(np.int32), colour, cv2.LINE_AA)
        elif kind == 1:
            axes = (int(size[0] // 2), int(size[1] // 2))
            tilt = float(rng.uniform(0, 180))
            cv2.ellipse(picture, (int(x), int(y)), axes, tilt, 0, 360, colour, -1, cv2.LINE_AA)
        else:
            end = (int(x + rng.normal(0, width)), int(y + rng.normal(0, height)))
            cv2.line(picture, (int(x), int(y)), end, colour, int(rng.integers(1, 14)), cv2.LINE_AA)


def _gradient(rng: np.random.Generator, height: int, width: int) -> np.ndarray:
    """A wall: four corner colours, near to each other for half of the walls."""
    corners = random_colour(rng) + rng.normal(0, rng.choice([0.04, 0.2]), (2, 2, 3))
    corners = np.clip(corners, 0, 1).astype(np.float32)
    return cv2.resize(corners, (width, height), interpolation=cv2.INTER_LINEAR)


def draw_backdrop(rng: np.random.Generator, size: int) -> np.ndarray:
    """A background picture [size, size, 3], linear float32 in 0..1, out of focus for most."""
    blur = rng.choice([0.0, rng.uniform(0.5, 4)], p=[0.35, 0.65])
    side = size if blur < 0.8 else (size + 1) // 2
    picture = _gradient(rng, side, side)
    if rng.random() < 0.8:
        _clutter(rng, picture, int(rng.integers(1, 22)))
    for kind in ('clouds', 'blotches', 'rough', 'strands'):
        if rng.random() < 0.35:
            strength = np.abs(rng.normal(0, 0.06)) * rng.uniform(0.7, 1, 3)
            picture += tinted(noise(rng, kind, side, side), strength)
    if blur > 0:
        picture = cv2.GaussianBlur(picture, (0, 0), blur)
    if side != size:
        picture = cv2.resize(picture, (size, size))
    np.clip(picture, 0, 1, out=picture)
    return np.multiply(picture, picture, out=picture)


def draw_shoulders(
    rng: np.random.Generator,
    picture: np.ndarray,
    cloth: np.ndarray,
    neck: np.ndarray,
    pixels_per_mm: float,
) -> None:
    """A dressed upper body round the neck's foot (x, y) in pixels, in place."""
    half, drop = rng.uniform(130, 230), rng.uniform(25, 80)
    right = np.array(
        [[58, -26], [86, -8], [half * 0.75, drop * 0.45], [half, drop * 1.3], [half * 1.15, 400]]
    )
    shape = np.concatenate([right, right[::-1] * [-1, 1]])
    body = np.clip(neck + shape * pixels_per_mm, -2000, 2000)
    size = picture.shape[0]
    top = int(np.clip(body[:, 1].min() - 1, 0, size - 1))
    mask = np.zeros((size - top, size), dtype=np.float32)
    fixed = np.round((body - [0, top]) * 16).astype(np.int32)
    cv2.fillPoly(mask, [fixed], 1.0, cv2.LINE_AA, shift=4)
    kind = rng.choice(['clouds', 'blotches', 'rough', 'strands'])
    fabric = shaded(noise(rng, kind, *mask.shape), cloth, rng.uniform(0, 0.25))
    picture[top:] = lay_over(picture[top:], fabric * fabric, mask)
