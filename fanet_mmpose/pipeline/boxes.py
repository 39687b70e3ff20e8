"""Relations of boxes `[x1, y1, x2, y2]`, px."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np


def overlap(box: np.ndarray, boxes: Iterable[np.ndarray]) -> float:
    """Largest intersection over union of a box [4] with others; 0 if there are none."""

    def iou(other: np.ndarray) -> float:
        low, high = np.maximum(box[:2], other[:2]), np.minimum(box[2:], other[2:])
        inter = np.prod(np.clip(high - low, 0, None))
        areas = np.prod(box[2:] - box[:2]) + np.prod(other[2:] - other[:2])
        return float(inter / max(areas - inter, 1e-9))

    return max(map(iou, boxes), default=0.0)


def distinct(boxes: Sequence[np.ndarray], scores: Sequence[float], limit: float) -> list[int]:
    """Indices, in their order, of boxes [4] that overlap none of a higher score by over `limit`.

    Of equal scores the first stays.
    """
    kept: list[int] = []
    for index in sorted(range(len(boxes)), key=lambda index: -scores[index]):
        if overlap(boxes[index], [boxes[other] for other in kept]) <= limit:
            kept.append(index)
    return sorted(kept)


def share_inside(box: np.ndarray, shape: tuple[int, ...]) -> float:
    """Share of a box [4] that lies in an image of `shape` (H, W, …)."""
    limits = np.array([shape[1], shape[0]])
    size = np.clip(box[2:], 0, limits) - np.clip(box[:2], 0, limits)
    return float(np.prod(size) / max(np.prod(box[2:] - box[:2]), 1e-9))


def longer_side(box: np.ndarray) -> float:
    """Of a box [4], px."""
    return float((box[2:] - box[:2]).max())
