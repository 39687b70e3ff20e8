"""The next frame is searched where the last landmarks were."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from fanet_mmpose.inference.trackers.box_tracker import Boxes, Detect, register_tracker


@register_tracker('landmarks')
class LandmarkTracker:
    """`BoxTracker` without a pass of its own: a face moves little between two frames."""

    detects = False

    def __init__(self, detect: Detect) -> None:
        self._boxes: Boxes = {}

    def propose(self, frame: np.ndarray) -> Boxes:
        """The last boxes."""
        return dict(self._boxes)

    def observe(self, frame: np.ndarray, boxes: Mapping[int, np.ndarray]) -> None:
        """See `BoxTracker.observe`."""
        self._boxes = dict(boxes)
