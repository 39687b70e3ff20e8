"""Faces of all sizes: the whole picture for near ones, more pixels for far ones."""

from __future__ import annotations

import cv2
import numpy as np

from fanet_mmpose.pipeline.detectors.detector import Detections, register_detector
from fanet_mmpose.pipeline.detectors.onnx_detector import (
    FAR_SIDE,
    OnnxDetector,
    OnnxDetectorOptions,
)

# Longer side of a box over that of the picture. Below it more pixels find more faces; above it
# they find parts of faces, and the whole picture finds every one.
FAR = 0.2
SURE = 0.6  # more pixels are more places for false boxes


@register_detector('fanet_face_all')
class AllSizes:
    """Two looks at a picture, and the surer of two boxes that overlap.

    Args:
        near: for faces of any size.
        far: for those whose box has less than `FAR` of the picture's longer side.
        max_overlap: of two boxes that overlap more, the surer stays.
    """

    def __init__(
        self,
        near: OnnxDetector | None = None,
        far: OnnxDetector | None = None,
        max_overlap: float = 0.45,
    ) -> None:
        self.near = near or OnnxDetector()
        self.far = far or OnnxDetector(options=OnnxDetectorOptions(side=FAR_SIDE, min_score=SURE))
        self.max_overlap = max_overlap

    def __call__(self, image: np.ndarray, name: str = '') -> Detections:
        """Faces in `image`, surest first; scores are chances in (0, 1)."""
        near = self.near(image)
        if max(image.shape[:2]) <= self.near.options.side:
            return near  # it has seen every pixel
        far = self.far(image)
        sides = (far.boxes[:, 2:] - far.boxes[:, :2]).max(axis=1, initial=0)
        small = sides < FAR * max(image.shape[:2])
        boxes = np.concatenate([near.boxes, far.boxes[small]])
        scores = np.concatenate([near.scores, far.scores[small]])
        corners_and_sizes = np.concatenate([boxes[:, :2], boxes[:, 2:] - boxes[:, :2]], 1)
        kept = cv2.dnn.NMSBoxes(corners_and_sizes.tolist(), scores.tolist(), 0.0, self.max_overlap)
        kept = np.asarray(kept, int).reshape(-1)
        return Detections(boxes[kept], scores[kept])
