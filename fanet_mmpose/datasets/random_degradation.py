"""RandomDegradation: the bad pictures that real cameras take."""

from __future__ import annotations

import cv2
import numpy as np
from mmcv.transforms import BaseTransform
from mmpose.registry import TRANSFORMS


def lower_resolution(image: np.ndarray, factor: float) -> np.ndarray:
    """Shrink by `factor` in (0, 1] and bring back: a small face in a large photograph."""
    small = cv2.resize(image, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    return cv2.resize(small, image.shape[1::-1], interpolation=cv2.INTER_LINEAR)


def compress(image: np.ndarray, quality: int) -> np.ndarray:
    """JPEG artefacts; `quality` in 1 … 100."""
    _, data = cv2.imencode('.jpg', image, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return cv2.imdecode(data, cv2.IMREAD_COLOR)


def add_noise(rng: np.random.Generator, image: np.ndarray, sigma: float) -> np.ndarray:
    """Sensor noise of standard deviation `sigma` grey levels."""
    noise = rng.normal(0, sigma, image.shape)
    return np.clip(image + noise, 0, 255).astype(np.uint8)


@TRANSFORMS.register_module()
class RandomDegradation(BaseTransform):
    """Blur, low resolution, JPEG, noise or grey, one of them at a time. It changes `img` only.

    Args:
        prob (float): Chance that a face is degraded. Defaults to 0.3.
    """

    def __init__(self, prob: float = 0.3) -> None:
        self.prob = prob

    def transform(self, results: dict) -> dict:
        """Replace `results['img']` [h, w, 3] uint8 by a worse copy, or leave it."""
        rng = np.random.default_rng(np.random.randint(2**31))  # seeded by mmengine
        if rng.random() >= self.prob:
            return results
        image = results['img']
        effects = (
            lambda: cv2.GaussianBlur(image, (0, 0), rng.uniform(0.5, 2.0)),
            lambda: lower_resolution(image, rng.uniform(0.3, 0.8)),
            lambda: compress(image, int(rng.integers(15, 70))),
            lambda: add_noise(rng, image, rng.uniform(3, 15)),
            lambda: cv2.cvtColor(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR),
        )
        results['img'] = effects[rng.integers(len(effects))]()
        return results
