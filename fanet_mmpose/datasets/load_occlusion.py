"""LoadOcclusion: which annotated points can be seen, for datasets that say so (COFW)."""

from __future__ import annotations

import numpy as np
from mmcv.transforms import BaseTransform
from mmpose.registry import TRANSFORMS


@TRANSFORMS.register_module()
class LoadOcclusion(BaseTransform):
    """Keep what MMPose's datasets drop: COCO's `v` is 0 absent, 1 hidden, 2 visible.

    MMPose's face datasets reduce `v` to min(v, 1): annotated or not. This reads it again from
    `raw_ann_info` and writes `keypoints_visible` [1, K, 2]: first whether the point can be seen,
    then the weight, 1 where it is annotated. Flips and `GenerateTarget` know that form. Use it
    before any transform that reorders points.
    """

    def transform(self, results: dict) -> dict:
        """Rewrite `results['keypoints_visible']`."""
        flags = np.array(results['raw_ann_info']['keypoints'], dtype=np.float32)[2::3]
        seen = (flags >= 2).astype(np.float32)
        annotated = np.minimum(flags, 1)
        results['keypoints_visible'] = np.stack([seen, annotated], -1)[None]
        return results
