"""Of faces that several looks saw, each once."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from fanet_mmpose.inference.detectors.detector import Detections, joined

SAME = 0.4  # overlap from which two boxes are one face
INSIDE = 0.8  # share of the smaller box inside the larger from which it is a part of that face


def overlaps_with(box: np.ndarray, boxes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Of a box [4] with others [N, 4]: intersection over union [N], and over the smaller [N]."""
    low, high = np.maximum(box[:2], boxes[:, :2]), np.minimum(box[2:], boxes[:, 2:])
    shared = np.clip(high - low, 0, None).prod(1)
    own, areas = np.prod(box[2:] - box[:2]), (boxes[:, 2:] - boxes[:, :2]).prod(1)
    smaller = np.maximum(np.minimum(own, areas), 1e-9)
    return shared / np.maximum(own + areas - shared, 1e-9), shared / smaller


def surest(parts: Iterable[Detections]) -> Detections:
    """All faces, surest first, without those that are a surer one or a part of it."""
    found = joined(parts)
    left = np.argsort(-found.scores, kind='stable')
    kept = []
    while len(left):
        first, left = left[0], left[1:]
        kept.append(first)
        same, inside = overlaps_with(found.boxes[first], found.boxes[left])
        left = left[(same < SAME) & (inside < INSIDE)]
    return found[np.array(kept, int)]
