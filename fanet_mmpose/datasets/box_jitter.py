"""BoxJitter: a detector that is off by a known amount, the same in each run."""

from __future__ import annotations

import numpy as np
from mmcv.transforms import BaseTransform
from mmpose.registry import TRANSFORMS
from mmpose.structures.bbox import bbox_xyxy2cs

from fanet_mmpose.errors import UserError


def shift_direction(seed: int, face_id: int) -> np.ndarray:
    """Unit vector [2], uniform over the circle, the same for the same seed and face."""
    angle = np.random.default_rng([seed, face_id]).uniform(0, 2 * np.pi)
    return np.array([np.cos(angle), np.sin(angle)])


@TRANSFORMS.register_module()
class BoxJitter(BaseTransform):
    """Shift and scale the face box by a fixed amount, before `GetBBoxCenterScale`.

    The shift has one length and, for each face, its own direction, so that an NME against shift
    is a curve and not a cloud.

    Args:
        shift (float): Length of the shift, in longer sides of the box. Defaults to 0.0.
        scale (float): Factor of the box's size about its centre. Defaults to 1.0.
        seed (int): With the annotation's ``id`` chooses the direction. Defaults to 0.

    Required keys: ``id`` and ``bbox``, or ``bbox_center`` and ``bbox_scale``. Written keys:
    ``bbox`` [1, 4] xyxy, ``bbox_center`` and ``bbox_scale`` [1, 2], px of the image.

    Raises:
        UserError: a negative shift or a scale that is not positive.
    """

    def __init__(self, shift: float = 0.0, scale: float = 1.0, seed: int = 0) -> None:
        if shift < 0 or scale <= 0:
            raise UserError(f'BoxJitter: shift {shift} must be >= 0 and scale {scale} > 0')
        self.shift = shift
        self.scale = scale
        self.seed = seed

    def transform(self, results: dict) -> dict:
        """Move and scale `results`' box."""
        if 'bbox_center' in results and 'bbox_scale' in results:
            center, size = results['bbox_center'], results['bbox_scale']
        else:
            center, size = bbox_xyxy2cs(results['bbox'], padding=1.0)
        step = self.shift * size.max() * shift_direction(self.seed, int(results['id']))
        center = (center + step).astype(np.float32)
        size = (size * self.scale).astype(np.float32)
        results['bbox_center'] = center
        results['bbox_scale'] = size
        results['bbox'] = np.concatenate([center - size / 2, center + size / 2], axis=1)
        return results
