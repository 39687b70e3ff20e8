"""For pictures that are a face and little else."""

from __future__ import annotations

import numpy as np

from fanet_mmpose.inference.detectors.detector import Detections, register_detector


@register_detector('whole_image')
class WholeImage:
    """One face as large as the picture, like MMPose's `det_model='whole_image'`."""

    def __call__(self, image: np.ndarray, name: str = '') -> Detections:
        height, width = image.shape[:2]
        return Detections([[0, 0, width, height]], [1])
