"""Kernelised correlation filters between detections.

Henriques, Caseiro, Martins and Batista, "High-Speed Tracking with Kernelized Correlation Filters",
TPAMI 2015; OpenCV's implementation, from its contrib modules.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import cv2
import numpy as np

from fanet_mmpose.errors import UserError
from fanet_mmpose.geometry.boxes import max_iou
from fanet_mmpose.inference.trackers.box_tracker import Boxes, Detect, register_tracker


@register_tracker('kcf')
class KcfTracker:
    """`BoxTracker` that follows the look of each box.

    KCF knows no change of size; where the landmarks say that its box no longer fits (overlap
    below `refit`), the filter starts anew there.

    Raises:
        UserError: OpenCV comes without its contrib modules.
    """

    detects = False

    def __init__(self, detect: Detect, refit: float = 0.7) -> None:
        if not hasattr(cv2, 'TrackerKCF_create'):
            raise UserError('tracker kcf needs opencv-contrib-python')
        self.refit = refit
        self._trackers: dict[int, Any] = {}
        self._boxes: Boxes = {}

    def propose(self, frame: np.ndarray) -> Boxes:
        """Boxes that were found again; a face whose look is lost is left out."""
        self._boxes = {}
        for key, tracker in self._trackers.items():
            there, (x, y, width, height) = tracker.update(frame)
            if there:
                self._boxes[key] = np.array([x, y, x + width, y + height], float)
        return dict(self._boxes)

    def observe(self, frame: np.ndarray, boxes: Mapping[int, np.ndarray]) -> None:
        """See `BoxTracker.observe`."""
        for key, box in boxes.items():
            if key not in self._boxes or max_iou(box, [self._boxes[key]]) < self.refit:
                self._trackers[key] = _start(frame, box)
        self._trackers = {key: self._trackers[key] for key in boxes}


def _start(frame: np.ndarray, box: np.ndarray) -> Any:
    """A tracker of this box, cut to the frame: [4] px."""
    height, width = frame.shape[:2]
    x1, y1, x2, y2 = np.clip(box.round(), 0, [width, height] * 2).astype(int).tolist()
    tracker = cv2.TrackerKCF_create()
    tracker.init(frame, (x1, y1, max(1, x2 - x1), max(1, y2 - y1)))
    return tracker
