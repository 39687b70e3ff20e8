"""EllipseMasks: masks for detectors that want them, from face boxes."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from mmcv.transforms import BaseTransform
from mmpose.registry import TRANSFORMS

STEP = 10  # degrees between the corners of a polygon


@TRANSFORMS.register_module()
class EllipseMasks(BaseTransform):
    """Give each box the ellipse that touches its four sides as mask.

    A face is rounder than its box, and data of boxes have nothing nearer. For mmdet's pipelines,
    after `LoadAnnotations`.

    Required keys: ``gt_bboxes``, ``img_shape``. Written: ``gt_masks``, polygons.
    """

    def transform(self, results: dict[str, Any]) -> dict[str, Any]:
        """Add the masks."""
        from mmdet.structures.mask import PolygonMasks

        boxes = results['gt_bboxes'].numpy()
        polygons = [[ellipse_polygon(box)] for box in boxes]
        results['gt_masks'] = PolygonMasks(polygons, *results['img_shape'][:2])
        return results


def ellipse_polygon(box: np.ndarray) -> np.ndarray:
    """x, y, x, y, … [2 P] of the ellipse inside a box [4] x1, y1, x2, y2."""
    middle, radii = (box[:2] + box[2:]) / 2, (box[2:] - box[:2]) / 2
    circle = cv2.ellipse2Poly((0, 0), (1000, 1000), 0, 0, 359, STEP) / 1000
    return (middle + circle * radii).ravel()
