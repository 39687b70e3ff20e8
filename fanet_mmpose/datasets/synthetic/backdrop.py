"""What lies behind a head: walls, gradients, blobs, clutter, shoulders."""

from __future__ import annotations

import cv2
import numpy as np

from fanet_mmpose.datasets.synthetic.look import random_colour
from fanet_mmpose.datasets.synthetic.noise_bank import noise


def _clutter(rng: np.random.Generator, picture: np.ndarray, count: int) -> None:
    """Random boxes, discs and bars, in place."""
    height, width = picture.shape[:2]
    for _ in range(count):
        colour = random_colour(rng).tolist()
        x, y = rng.integers(-20, width + 20), rng.integers(-20, height + 20)
        size = rng.integers(6, max(8, width // 2), 2)
        kind = rng.integers(3)
        if kind == 0:
            box = cv2.boxPoints(((float(x), float(y)), (float(size[0]), float(size[1])),
                                 float(rng.choice([0, rng.uniform(0, 90)]))))  # fmt: skip
            cv2.fillConvexPoly(picture, np.round(box).astype(np.int32), colour, cv2.LINE_AA)
        elif kind == 1:
            cv2.ellipse(picture, (int(x), int(y)), (int(size[0] // 2), int(size[1] // 2)),
                        float(rng.uniform(0, 180)), 0, 360, colour, -1, cv2.LINE_AA)  # fmt: skip
        else:
            end = (int(x + rng.normal(0, width)), int(y + rng.normal(0, height)))
            cv2.line(picture, (int(x), int(y)), end, colour, int(rng.integers(1, 14)), cv2.LINE_AA)


def draw_backdrop(rng: np.random.Generator, height: int, width: int) -> np.ndarray:
    """A background picture [height, width, 3], linear float32 in 0..1."""
    top, bottom = random_colour(rng), random_colour(rng)
    if rng.random() < 0.5:
        bottom = np.clip(top + rng.normal(0, 0.08, 3), 0, 1)
    down = np.linspace(0, 1, height, dtype=np.float32)[:, None, None]
    across = np.linspace(-0.5, 0.5, width, dtype=np.float32)[None, :, None]
    ramp = np.clip(down + rng.normal(0, 0.6) * across, 0, 1)
    picture = (top + ramp * (bottom - top)).astype(np.float32)
    if rng.random() < 0.75:
        _clutter(rng, picture, int(rng.integers(1, 26)))
    if rng.random() < 0.7:
        gains = tuple(rng.uniform(0, 0.13, 6))
        rough = noise(rng, min(height, 512), min(width, 512), gains)
        picture += cv2.resize(rough, (width, height))[..., None] * rng.uniform(0.5, 1, 3)
    blur = rng.choice([0.0, rng.uniform(0.6, 6)])
    if blur > 0:
        picture = cv2.GaussianBlur(picture, (0, 0), blur)
    return np.square(np.clip(picture, 0.0, 1)).astype(np.float32)


def draw_shoulders(
    rng: np.random.Generator, picture: np.ndarray, neck: np.ndarray, pixels_per_mm: float
) -> None:
    """A dressed upper body below the neck's foot (x, y) in pixels, in place."""
    half, drop = rng.uniform(130, 230), rng.uniform(25, 80)
    shape = np.array([
        [-62, -22], [62, -22], [half * 0.75, drop * 0.45], [half, drop * 1.3], [half * 1.15, 400],
        [-half * 1.15, 400], [-half, drop * 1.3], [-half * 0.75, drop * 0.45],
    ])  # fmt: skip
    body = neck + shape * pixels_per_mm
    height, width = picture.shape[:2]
    mask = np.zeros((height, width), dtype=np.float32)
    cv2.fillPoly(mask, [np.round(np.clip(body, -2000, 2000) * 16).astype(np.int32)], 1.0,
                 cv2.LINE_AA, shift=4)  # fmt: skip
    gains = (0.15, 0.15, *rng.uniform(0, 0.15, 4))
    rough = cv2.resize(noise(rng, min(height, 512), min(width, 512), gains), (width, height))
    cloth = np.square(np.clip(random_colour(rng) * (1 + rough[..., None]), 0, 1))
    picture += mask[..., None] * (cloth.astype(np.float32) - picture)
