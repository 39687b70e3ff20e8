"""Marks for "no point" that nobody has named: the same two numbers in several faces, far from each.

(-3, -7), (5, 5) or (65535, 65535) in a file may mean that a point is absent. One face alone does
not show it, so all faces of a set are judged together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np

from fanet_mmpose.datasets.converters.records import UNLABELLED, FaceRecord
from fanet_mmpose.errors import UserError

_REPEATED = 3
"""Faces with the same far point from which it is a mark."""

_LEAST = 4
"""Other points that a face must have for a point to be far from it."""


def refuse_placeholders(records: Sequence[FaceRecord], base: float) -> None:
    """Look at all faces of a set.

    Args:
        records: in pixels, or in whatever unit the file has.
        base: was subtracted from each number; for the message.

    Raises:
        UserError: some have a labelled point in one place, each further from its face than the
            other points are apart.
    """
    far = [(point, record) for record in records for point in _far_points(record)]
    (point, count) = next(iter(Counter(p for p, _ in far).most_common(1)), ((0.0, 0.0), 0))
    if count < _REPEATED:
        return
    where = next(record.where for p, record in far if p == point)
    x, y = (f'{value + base:.9g}' for value in point)
    raise UserError(
        f'{where}: a point is at ({x}, {y}), far from its face, and in {count} faces at the same '
        'place: where that marks an absent point leave its numbers empty, else say --missing none'
    )


def _far_points(record: FaceRecord) -> Iterator[tuple[float, float]]:
    """Points further outside of the box of all others than that box is wide or high."""
    points = record.points[record.visibility > UNLABELLED]
    if len(points) <= _LEAST:
        return
    extreme = {*points.argmin(axis=0).tolist(), *points.argmax(axis=0).tolist()}
    for x, y in {tuple(points[i].tolist()) for i in extreme}:
        others = points[(points != (x, y)).any(axis=1)]
        if len(others) >= _LEAST:
            low, high = others.min(axis=0), others.max(axis=0)
            if np.maximum(low - (x, y), (x, y) - high).max() > (high - low).max():
                yield x, y
