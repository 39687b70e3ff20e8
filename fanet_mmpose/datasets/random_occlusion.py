"""RandomOcclusion: hide a part of the face, so that the rest must say where it is."""

from __future__ import annotations

import numpy as np
from mmcv.transforms import BaseTransform
from mmpose.registry import TRANSFORMS


def random_fill(rng: np.random.Generator, image: np.ndarray, height: int, width: int) -> np.ndarray:
    """Patch [height, width, 3]: one colour, noise, or another part of the same image."""
    kind = rng.integers(3)
    if kind == 0:
        return np.broadcast_to(rng.integers(0, 256, 3, dtype=np.uint8), (height, width, 3))
    if kind == 1:
        return rng.integers(0, 256, (height, width, 3), dtype=np.uint8)
    y = rng.integers(image.shape[0] - height + 1)
    x = rng.integers(image.shape[1] - width + 1)
    return image[y : y + height, x : x + width].copy()


@TRANSFORMS.register_module()
class RandomOcclusion(BaseTransform):
    """Cover one rectangle of the crop (Zhong et al., Random Erasing, arXiv 1708.04896).

    Points under the rectangle keep their weight: to infer them is the lesson. Where the labels say
    what can be seen (``keypoints_visible`` [1, K, 2]), they are hidden now. Use it after
    `TopdownAffine`.

    Args:
        prob (float): Chance that a face is covered. Defaults to 0.5.
        size (tuple[float, float]): Least and largest side of the rectangle, as shares of the crop's
            sides. Defaults to (0.1, 0.45).
    """

    def __init__(self, prob: float = 0.5, size: tuple[float, float] = (0.1, 0.45)) -> None:
        self.prob, self.size = prob, size

    def transform(self, results: dict) -> dict:
        """Replace `results['img']` [h, w, 3] uint8 by a covered copy, or leave it."""
        rng = np.random.default_rng(np.random.randint(2**31))  # seeded by mmengine
        if rng.random() >= self.prob:
            return results
        image = results['img'].copy()
        sides = np.array(image.shape[:2]) * rng.uniform(*self.size, 2)
        height, width = np.maximum(sides.astype(int), 1)
        center = rng.uniform(0, 1, 2) * image.shape[:2]
        top, left = np.round(center - (height / 2, width / 2)).astype(int)
        patch = random_fill(rng, image, height, width)
        rows = slice(max(top, 0), max(top + height, 0))
        columns = slice(max(left, 0), max(left + width, 0))
        region = image[rows, columns]
        region[:] = patch[: region.shape[0], : region.shape[1]]
        results['img'] = image
        _hide(results, left, top, left + width, top + height)
        return results


def _hide(results: dict, left: int, top: int, right: int, bottom: int) -> None:
    """Mark the points inside a rectangle, px of the crop, as hidden; their weights stay."""
    visible = results.get('keypoints_visible')
    if visible is None or visible.ndim != 3:
        return
    x, y = np.moveaxis(results['transformed_keypoints'], -1, 0)
    under = (x >= left) & (x < right) & (y >= top) & (y < bottom)
    results['keypoints_visible'] = visible.copy()
    results['keypoints_visible'][under, 0] = 0
