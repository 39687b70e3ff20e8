"""Relations of boxes `[x1, y1, x2, y2]`, px."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

# What two faces have in common, over the smaller one, from which they are one: two rough boxes of a
# face end on it, and a mouth seen from near has been taken for a face.
ONE_FACE = 0.75


def overlap(box: np.ndarray, boxes: Iterable[np.ndarray]) -> float:
    """Largest intersection over union of a box [4] with others; 0 if there are none."""

    def iou(other: np.ndarray) -> float:
        shared = _shared(box, other)
        return shared / max(_area(box) + _area(other) - shared, 1e-9)

    return max(map(iou, boxes), default=0.0)


def distinct(boxes: Sequence[np.ndarray], scores: Sequence[float], limit: float) -> list[int]:
    """Indices, in their order, of boxes [4] that are not those of a surer one.

    Two are one if what they have in common is more than `limit` of the smaller: they are nearly
    the same, or one is a part of the other. Of equal scores the first stays.
    """
    kept: list[int] = []
    for index in sorted(range(len(boxes)), key=lambda index: -scores[index]):
        if all(common(boxes[index], boxes[other]) <= limit for other in kept):
            kept.append(index)
    return sorted(kept)


def common(box: np.ndarray, other: np.ndarray) -> float:
    """Intersection of two boxes [4] over the area of the smaller one."""
    return _shared(box, other) / max(min(_area(box), _area(other)), 1e-9)


def _shared(box: np.ndarray, other: np.ndarray) -> float:
    low, high = np.maximum(box[:2], other[:2]), np.minimum(box[2:], other[2:])
    return float(np.prod(np.clip(high - low, 0, None)))


def _area(box: np.ndarray) -> float:
    return float(np.prod(box[2:] - box[:2]))


def share_inside(box: np.ndarray, shape: tuple[int, ...]) -> float:
    """Share of a box [4] that lies in an image of `shape` (H, W, …)."""
    limits = np.array([shape[1], shape[0]])
    size = np.clip(box[2:], 0, limits) - np.clip(box[:2], 0, limits)
    return float(np.prod(size) / max(np.prod(box[2:] - box[:2]), 1e-9))


def longer_side(box: np.ndarray) -> float:
    """Of a box [4], px."""
    return float((box[2:] - box[:2]).max())


def carried(box: np.ndarray, before: np.ndarray, now: np.ndarray) -> np.ndarray:
    """A box [4], moved and scaled as another one went from `before` to `now`, [4] each."""
    scale = longer_side(now) / max(longer_side(before), 1e-9)
    middle = (now[:2] + now[2:]) / 2 - scale * (before[:2] + before[2:]) / 2
    return scale * np.asarray(box, float) + np.tile(middle, 2)
