"""LoadFaceCrop: a face and its surroundings, averaged down to the size that training needs, kept.

Decoding a photograph costs more than all augmentation together, and `TopdownAffine` samples a
large face with gaps. Both are paid, or avoided, once per face instead of once per epoch.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from mmpose.registry import TRANSFORMS

from fanet_mmpose.datasets.load_face_image import LoadFaceImage
from fanet_mmpose.geometry.crop import CropMap

MEGABYTE = 2**20


class FaceCrop(NamedTuple):
    """A part of a picture, and where it was cut."""

    image: np.ndarray  # [h, w, 3] uint8
    window: CropMap

    def move(self, points: np.ndarray) -> np.ndarray:
        """Points [..., 2] from pixels of the picture to pixels of the part, float32."""
        return self.window.apply(points).astype(np.float32)


def cut_face(image: np.ndarray, box: np.ndarray, cover: float, size: int) -> FaceCrop:
    """Cut what lies round a face, and average it down where it is larger than wanted.

    Args:
        image: [H, W, 3].
        box: [4] x1, y1, x2, y2, px; may leave the picture.
        cover: Side of the square part over the box's longer side.
        size: A larger part is shrunk to this side, px. What sticks out of the picture is left off.
    """
    center, side = (box[:2] + box[2:]) / 2, cover * max(box[2:] - box[:2])
    limits = np.array(image.shape[1::-1])
    low = np.clip(np.floor(center - side / 2), 0, limits - 1).astype(int)
    high = np.clip(np.ceil(center + side / 2), low + 1, limits).astype(int)
    shrink = min(1.0, size / max(side, 1))
    target = np.maximum(np.rint((high - low) * shrink), 1)
    window = CropMap(*map(int, (*low, *(high - low), *target)))
    return FaceCrop(window.cut(image), window)


@TRANSFORMS.register_module()
class LoadFaceCrop(LoadFaceImage):
    """`LoadFaceImage` for training: the part round the face, shrunk, and kept in memory.

    Reads and moves `bbox`, `bbox_center`, `bbox_scale` and `keypoints`, so that all that follows
    sees a small picture. Predictions would be in that picture's pixels: not for validation.

    Args:
        size (int): Side that the part is shrunk to, px. Twice the network's input loses nothing.
            Defaults to 256.
        cover (float): Side of the part over the box's longer side. Padding 1.25, scale 1.25 and a
            turn of 45° reach 2.2. Defaults to 2.25.
        cache_mb (int): What each loader process may keep; the rest is read anew each epoch.
            Defaults to 1024.
    """

    def __init__(
        self, size: int = 256, cover: float = 2.25, cache_mb: int = 1024, **kwargs
    ) -> None:
        super().__init__(**kwargs)
        self.size, self.cover = size, cover
        self.room = cache_mb * MEGABYTE
        self.kept: dict[tuple, FaceCrop] = {}

    def transform(self, results: dict) -> dict:
        box = np.asarray(results['bbox'], float).reshape(4)
        key = (results.get('img_path'), *box)
        crop = self.kept.get(key)
        if crop is None:
            crop = cut_face(super().transform(results)['img'], box, self.cover, self.size)
            self._keep(key, crop)
        return self._replace(results, crop)

    def _keep(self, key: tuple, crop: FaceCrop) -> None:
        if crop.image.nbytes <= self.room:
            self.kept[key] = crop
            self.room -= crop.image.nbytes

    @staticmethod
    def _replace(results: dict, crop: FaceCrop) -> dict:
        # Transforms write into their picture; the kept one must stay as it is.
        results['img'] = crop.image.copy()
        results['img_shape'] = results['ori_shape'] = crop.image.shape[:2]
        corners = np.asarray(results['bbox'], float).reshape(-1, 2, 2)
        results['bbox'] = crop.move(corners).reshape(-1, 4)
        results['keypoints'] = crop.move(results['keypoints'])
        if 'bbox_center' in results:
            results['bbox_center'] = crop.move(results['bbox_center'])
        if 'bbox_scale' in results:
            results['bbox_scale'] = (results['bbox_scale'] * crop.window.scale).astype(np.float32)
        return results
