"""From linear light to the bytes of an ordinary photograph."""

from __future__ import annotations

import cv2
import numpy as np

from fanet_mmpose.datasets.synthetic.noise_bank import noise


def develop(rng: np.random.Generator, linear: np.ndarray, strength: float) -> np.ndarray:
    """Exposure, white balance, contrast: linear light -> sRGB in 0..1, float32."""
    gain = np.exp(strength * rng.normal(0, [0.06, 0.03, 0.06])) * np.exp(
        strength * rng.normal(0, 0.2)
    )
    picture = np.sqrt(np.clip(linear * gain.astype(np.float32), 0, None))
    # A shoulder keeps highlights from clipping as flat patches.
    picture = np.where(picture > 0.8, 0.8 + 0.2 * np.tanh((picture - 0.8) / 0.2), picture)
    contrast = np.exp(strength * rng.normal(0, 0.14))
    return np.clip((picture - 0.45) * contrast + 0.45 + strength * rng.normal(0, 0.03), 0, 1)


def degrade(rng: np.random.Generator, picture: np.ndarray, strength: float) -> np.ndarray:
    """Blur, low resolution, noise, JPEG: sRGB in 0..1 -> uint8; geometry stays."""
    height, width = picture.shape[:2]
    if rng.random() < 0.5 * strength:
        picture = cv2.GaussianBlur(picture, (0, 0), rng.uniform(0.3, 0.4 + 1.0 * strength))
    if rng.random() < 0.1 * strength:
        kernel = np.zeros((9, 9), dtype=np.float32)
        tip = (4 * np.array([np.cos(a := rng.uniform(0, np.pi)), np.sin(a)])).round().astype(int)
        cv2.line(kernel, tuple((4 - tip).tolist()), tuple((4 + tip).tolist()), 1.0, 1)
        picture = cv2.filter2D(picture, -1, kernel / kernel.sum())
    if rng.random() < 0.2 * strength:
        share = rng.uniform(0.3, 0.8)
        small = cv2.resize(picture, None, fx=share, fy=share, interpolation=cv2.INTER_AREA)
        picture = cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR)
    if rng.random() < 0.5 * strength:
        grain = noise(rng, min(height, 512), min(width, 512), (0, 0, 0, 0, 0.2, 1.0))
        fine = rng.normal(0, 1, (height, width, 1)).astype(np.float32)
        amount = abs(rng.normal(0, 0.025 * strength))
        picture = picture + amount * (0.6 * cv2.resize(grain, (width, height))[..., None] + fine)
    result = np.clip(np.rint(picture * 255), 0, 255).astype(np.uint8)
    if rng.random() < 0.6 * strength:
        quality = int(rng.integers(30, 96))
        coded = cv2.imencode('.jpg', result, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
        result = cv2.imdecode(coded, cv2.IMREAD_COLOR)
    return result


def to_grey(picture: np.ndarray) -> np.ndarray:
    """The same picture without colour, three equal channels."""
    return cv2.cvtColor(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR)
