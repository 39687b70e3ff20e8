"""Whether the mirror pairs of a schema are those of the faces.

A wrong pair spoils a training in silence: every second picture is mirrored, with points exchanged.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.optimize import linear_sum_assignment

from fanet_mmpose.datasets.converters.records import FaceRecord
from fanet_mmpose.geometry.boxes import tight_box
from fanet_mmpose.geometry.schemas import PointSchema, shipped_schemas

_LEAST = 12
"""Faces of a mean that is no single pose."""
_SYMMETRIC = 0.08
"""How well a mirrored mean face lies on itself, in lengths of the longer side of its box."""
_FARTHER = 0.15
"""How much farther from its pair than from another point a wrong one lies, in the same unit."""


def wrong_pair(records: Sequence[FaceRecord], schema: PointSchema) -> str:
    """One sentence on the point that lies farthest from its pair in a mirror image; ``''``: none.

    The mean face is mirrored at its own middle, and its points are assigned to its points. Sets
    that are not symmetric, such as points of one cheek, are not judged.
    """
    if len(records) < _LEAST or schema.name in shipped_schemas():
        return ''
    mean = _mean_face(records)
    known = np.flatnonzero(np.isfinite(mean).all(axis=1))
    mean = mean - mean[known].mean(axis=0)
    distance = np.linalg.norm((mean * (-1, 1))[:, None] - mean, axis=2)
    rows, columns = linear_sum_assignment(distance[np.ix_(known, known)])
    best = np.arange(len(mean))
    best[known[rows]] = known[columns]
    nearest, stated = (distance[known, to[known]] for to in (best, schema.flip_indices))
    mutual = best[best] == np.arange(len(best))
    farther = np.nan_to_num(stated - nearest) * mutual[known]
    if nearest.mean() > _SYMMETRIC or farther.max() < _FARTHER:
        return ''
    point = int(known[farther.argmax()])
    names = schema.point_names
    stays = schema.flip_indices[point] == point
    said = 'stay where it is' if stays else f'lie on {names[schema.flip_indices[point]]}'
    return (
        f'In a mirror image {names[point]} lies on {names[best[point]]}, and the flip_pairs of '
        f'{schema.name} let it {said}: correct them, or training mixes these points up.'
    )


def _mean_face(records: Sequence[FaceRecord]) -> np.ndarray:
    """[K, 2] mean positions about the middle of the box, over its longer side; NaN: never there."""
    faces = []
    for record in records:
        box = tight_box(record.labelled)
        face = (record.points - (box[:2] + box[2:]) / 2) / (box[2:] - box[:2]).max()
        faces.append(np.where(record.visibility[:, None] > 0, face, np.nan))
    stacked = np.stack(faces)
    known = np.isfinite(stacked)
    count = known.sum(axis=0)
    total = np.where(known, stacked, 0).sum(axis=0)
    return np.divide(total, count, out=np.full(total.shape, np.nan), where=count > 0)
