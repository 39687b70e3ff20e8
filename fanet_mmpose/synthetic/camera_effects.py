"""From linear light to the bytes of an ordinary photograph."""

from __future__ import annotations

import cv2
import numpy as np

from fanet_mmpose.synthetic.layers import tinted
from fanet_mmpose.synthetic.noise_bank import noise

_SHOULDER = 0.8


def develop(rng: np.random.Generator, linear: np.ndarray, strength: float) -> np.ndarray:
    """Exposure, white balance, contrast: linear light -> sRGB in about 0..1, float32."""
    gain = np.exp(strength * (rng.normal(0, [0.06, 0.03, 0.06]) + rng.normal(0, 0.2)))
    picture = cv2.sqrt(np.maximum(linear * tinted(np.ones(linear.shape[:2], np.float32), gain), 0))
    # A shoulder keeps highlights from clipping as flat patches.
    bright = np.maximum(picture - _SHOULDER, 0)
    picture -= bright * bright / (bright + (1 - _SHOULDER))
    contrast = np.float32(np.exp(strength * rng.normal(0, 0.14)))
    picture *= contrast
    picture += np.float32(0.45 * (1 - contrast) + strength * rng.normal(0, 0.03))
    return picture


def _shake(rng: np.random.Generator, picture: np.ndarray) -> np.ndarray:
    """Motion blur of a few pixels: the mean of shifted copies, the mean shift being zero."""
    angle, reach = rng.uniform(0, np.pi), rng.uniform(1.0, 3.0)
    total = np.zeros_like(picture)
    steps = (-1.0, -0.5, 0.0, 0.5, 1.0)
    for step in steps:
        shift = step * reach * np.array([np.cos(angle), np.sin(angle)])
        move = np.float32([[1, 0, shift[0]], [0, 1, shift[1]]])
        total += cv2.warpAffine(
            picture, move, picture.shape[1::-1], borderMode=cv2.BORDER_REPLICATE
        )
    return total / len(steps)


def degrade(rng: np.random.Generator, picture: np.ndarray, strength: float) -> np.ndarray:
    """Blur, low resolution, noise, JPEG: sRGB in 0..1 -> uint8; geometry stays."""
    height, width = picture.shape[:2]
    if rng.random() < 0.5 * strength:
        picture = cv2.GaussianBlur(picture, (0, 0), rng.uniform(0.3, 0.4 + 0.8 * strength))
    if rng.random() < 0.08 * strength:
        picture = _shake(rng, picture)
    if rng.random() < 0.2 * strength:
        share = rng.uniform(0.35, 0.8)
        small = cv2.resize(picture, None, fx=share, fy=share, interpolation=cv2.INTER_AREA)
        picture = cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR)
    if rng.random() < 0.6 * strength:
        grain = noise(rng, rng.choice(['white', 'grain']), height, width)
        picture = picture + tinted(grain, np.full(3, rng.gamma(1.0, 0.012 * strength)))
    result = cv2.convertScaleAbs(np.maximum(picture, 0), alpha=255)
    if rng.random() < 0.6 * strength:
        quality = int(rng.integers(30, 96))
        coded = cv2.imencode('.jpg', result, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
        result = cv2.imdecode(coded, cv2.IMREAD_COLOR)
    return result


def to_grey(picture: np.ndarray) -> np.ndarray:
    """The same picture without colour, three equal channels."""
    return cv2.cvtColor(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR)
