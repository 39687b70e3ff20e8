"""Boxes `[x1, y1, x2, y2]`, px: tight ones, their overlaps, and non-maximum suppression.

The package's only such formulas, in NumPy. A box of no area overlaps nothing.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from fanet_mmpose.errors import UserError

Boxes = Sequence[np.ndarray] | np.ndarray
_TINY = 1e-9  # px², in place of an area of 0
_POINT = 1e-6  # px, in place of a side of 0


def tight_box(points: np.ndarray, labelled: np.ndarray | None = None) -> np.ndarray:
    """Smallest boxes [..., 4] round points; of all, the box that the models are trained on.

    Args:
        points: [..., K, 2] px.
        labelled: [..., K] bool, which of them count; all by default.

    Returns:
        NaN where no point counts, or one that does is no number.
    """
    lows = highs = np.asarray(points, float)
    if labelled is None and lows.ndim == 2 and len(lows):
        return _box_of_one(lows)
    if labelled is not None:
        mask = np.asarray(labelled, bool)[..., None]
        lows, highs = np.where(mask, lows, np.inf), np.where(mask, highs, -np.inf)
    low = np.minimum.reduce(lows, axis=-2, initial=np.inf)
    high = np.maximum.reduce(highs, axis=-2, initial=-np.inf)
    boxes = np.concatenate([low, high], axis=-1)
    finite = np.isfinite(boxes)
    return boxes if finite.all() else np.where(finite.all(axis=-1, keepdims=True), boxes, np.nan)


def _box_of_one(points: np.ndarray) -> np.ndarray:
    """`tight_box` of points [K, 2], K > 0: in lists, which for a face's few points are quicker."""
    xs, ys = points.T.tolist()
    finite = math.isfinite(sum(xs) + sum(ys))
    return np.array([min(xs), min(ys), max(xs), max(ys)] if finite else [math.nan] * 4)


def checked_boxes(boxes: Boxes) -> np.ndarray:
    """Boxes [N, 4], px, as floats; N may be 0.

    Raises:
        UserError: they are no four numbers each, or x2 < x1 or y2 < y1.
    """
    try:
        found = np.asarray(boxes, float)
    except (TypeError, ValueError):
        found = None
    if found is not None and found.size == 0:
        return np.zeros((0, 4))
    four = found is not None and found.ndim == 2 and found.shape[1] == 4
    if not four or not all(
        -math.inf < x1 <= x2 < math.inf and -math.inf < y1 <= y2 < math.inf
        for x1, y1, x2, y2 in found.tolist()
    ):
        raise UserError('boxes: give x1, y1, x2, y2 of each face, px, with x1 <= x2 and y1 <= y2')
    return found


def xyxy_to_xywh(boxes: np.ndarray) -> np.ndarray:
    """Boxes [..., 4] as corner and size; sizes are differences, without MATLAB's + 1."""
    return np.concatenate([boxes[..., :2], boxes[..., 2:] - boxes[..., :2]], axis=-1)


def xywh_to_xyxy(boxes: np.ndarray) -> np.ndarray:
    """Boxes [..., 4] of corner and size as two corners."""
    return np.concatenate([boxes[..., :2], boxes[..., :2] + boxes[..., 2:]], axis=-1)


def iou(box: np.ndarray, boxes: Boxes) -> np.ndarray:
    """Intersection over union [N] of a box [4] with each of `boxes` [N, 4]."""
    shared, own, others = _areas(box, boxes)
    return shared / np.maximum(own + others - shared, _TINY)


def ios(box: np.ndarray, boxes: Boxes) -> np.ndarray:
    """Intersection over the smaller box's area [N] of a box [4] with each of `boxes` [N, 4]."""
    shared, own, others = _areas(box, boxes)
    return shared / np.maximum(np.minimum(own, others), _TINY)


def max_iou(box: np.ndarray, boxes: Boxes) -> float:
    """Largest `iou` of a box [4] with `boxes` [N, 4]; 0 if there are none."""
    return float(iou(box, boxes).max(initial=0))


def nms(
    boxes: Boxes, scores: Sequence[float] | np.ndarray, max_iou: float = 1.0, max_ios: float = 1.0
) -> np.ndarray:
    """Greedy non-maximum suppression.

    Args:
        boxes: [N, 4].
        scores: [N]; of equal ones the first comes first.
        max_iou: a box goes if its `iou` with a kept one of a higher score is larger.
        max_ios: the same for `ios`, which also removes a part of a larger box.

    Returns:
        [M] int, indices of the kept boxes, highest score first.
    """
    boxes = np.asarray(boxes, float).reshape(-1, 4)
    left = np.argsort(-np.asarray(scores, float), kind='stable')
    if len(left) < 2:  # the usual picture
        return left
    kept = []
    while len(left):
        first, left = left[0], left[1:]
        kept.append(first)
        shared, own, others = _areas(boxes[first], boxes[left])
        few = shared <= max_iou * np.maximum(own + others - shared, _TINY)
        left = left[few & (shared <= max_ios * np.maximum(np.minimum(own, others), _TINY))]
    return np.array(kept, int)


def share_inside(box: np.ndarray, shape: tuple[int, ...]) -> float:
    """Share of a box [4] that lies in an image of `shape` (H, W, …)."""
    x1, y1, x2, y2 = _floats(box)
    width, height = min(x2, shape[1]) - max(x1, 0), min(y2, shape[0]) - max(y1, 0)
    return max(width, 0.0) * max(height, 0.0) / max((x2 - x1) * (y2 - y1), _TINY)


def longer_side(boxes: np.ndarray) -> np.ndarray:
    """Of boxes [..., 4]: [...] px; a NumPy scalar for one."""
    return np.maximum(boxes[..., 2] - boxes[..., 0], boxes[..., 3] - boxes[..., 1])


def carry_box(box: np.ndarray, before: np.ndarray, now: np.ndarray) -> np.ndarray:
    """A box [4], moved and scaled as another one went from `before` to `now`, [4] each."""
    left, top, right, bottom = _floats(before)
    x1, y1, x2, y2 = _floats(now)
    scale = max(x2 - x1, y2 - y1) / max(right - left, bottom - top, _TINY)
    x, y = (x1 + x2) / 2 - scale * (left + right) / 2, (y1 + y2) / 2 - scale * (top + bottom) / 2
    return scale * np.asarray(box, float) + np.array([x, y, x, y])


def box_change(before: np.ndarray, now: np.ndarray) -> tuple[float, float]:
    """From one box [4] to another: the larger shift of the middle, and the growth.

    Returns:
        Shift in x or y over the longer side now, and log of the longer side now over that before.
    """
    left, top, right, bottom = _floats(before)
    x1, y1, x2, y2 = _floats(now)
    shift = max(abs(x1 + x2 - left - right), abs(y1 + y2 - top - bottom)) / 2
    side, old = max(x2 - x1, y2 - y1, _POINT), max(right - left, bottom - top, _POINT)
    return shift / side, math.log(side / old)


def _floats(box: np.ndarray) -> list[float]:
    """A box [4] as Python's numbers: NumPy's take several times as long, one by one."""
    return np.asarray(box, float).tolist()


def _areas(box: np.ndarray, boxes: Boxes) -> tuple[np.ndarray, float, np.ndarray]:
    """Of a box with others: intersections [N], its own area, and theirs [N]."""
    x1, y1, x2, y2 = _floats(box)
    left, top, right, bottom = np.asarray(boxes, float).reshape(-1, 4).T
    width = np.maximum(np.minimum(x2, right) - np.maximum(x1, left), 0)
    height = np.maximum(np.minimum(y2, bottom) - np.maximum(y1, top), 0)
    return width * height, float((x2 - x1) * (y2 - y1)), (right - left) * (bottom - top)
