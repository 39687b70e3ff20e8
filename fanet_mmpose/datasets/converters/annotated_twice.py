"""One face as two: annotated by two files, in a table that was pasted twice, or in two groups."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from fanet_mmpose.datasets.converters.records import LEFT_OUT, BadRow, FaceRecord
from fanet_mmpose.geometry.boxes import max_iou, tight_box

SAME_POINTS = 0.05
"""Pixels by which two copies of one annotation may differ, by rounding."""

SAME_FACE = 0.5
"""Intersection over union of the points' boxes of one face; faces in one picture overlap less: 101
pairs in nine photographs of groups by 0.03 at most."""


def sort_out_repetitions(
    records: Sequence[FaceRecord],
) -> tuple[list[FaceRecord], list[BadRow]]:
    """Each face once.

    Of equal annotations one stays, that which names a split. Of different ones none does: nobody
    but their author knows which is right. Two splits for one face are wrong as well, and so are its
    points in two groups.
    """
    by_picture = defaultdict(list)
    for i, record in enumerate(records):
        by_picture[record.name].append(i)
    reasons: dict[int, BadRow] = {}
    for indices in by_picture.values():
        for position, i in enumerate(indices):
            for j in indices[position + 1 :]:
                if i not in reasons and j not in reasons:
                    reasons.update(_compare(records, i, j))
    kept = [record for i, record in enumerate(records) if i not in reasons]
    return kept, [reasons[i] for i in sorted(reasons)]


def _are_one(first: FaceRecord, second: FaceRecord) -> bool:
    """Whether two faces have no point in common and lie within half of their size."""
    if ((first.visibility > 0) & (second.visibility > 0)).any():
        return False
    boxes = [tight_box(face.labelled) for face in (first, second)]
    sides = [(box[2:] - box[:2]).max() / 2 for box in boxes]
    (low1, high1), (low2, high2) = (
        (box[:2] - side, box[2:] + side) for box, side in zip(boxes, sides, strict=True)
    )
    return bool((low1 < high2).all() and (low2 < high1).all())


def _compare(records: Sequence[FaceRecord], i: int, j: int) -> dict[int, BadRow]:
    """What is wrong with two faces of one picture, by index."""
    first, second = records[i], records[j]
    if _are_one(first, second):
        return {
            one: BadRow(
                records[one].where,
                first.name,
                f'shares no point with {records[other].where} beside it: one face in two groups? '
                'give its points one group',
            )
            for one, other in ((i, j), (j, i))
        }
    if max_iou(tight_box(first.labelled), [tight_box(second.labelled)]) < SAME_FACE:
        return {}
    equal = (
        np.array_equal(first.visibility > 0, second.visibility > 0)
        and np.abs(first.points - second.points).max() <= SAME_POINTS
    )
    if equal and (first.split == second.split or not (first.split and second.split)):
        repeated, kept = (j, i) if first.split or not second.split else (i, j)
        reason = f'repeats {records[kept].where}'
        return {repeated: BadRow(records[repeated].where, first.name, reason, LEFT_OUT)}
    what = f'in {first.split} and in {second.split}' if equal else 'with different points'
    return {
        one: BadRow(
            records[one].where,
            first.name,
            f'the face is annotated twice, {what} ({records[other].where}); keep one',
        )
        for one, other in ((i, j), (j, i))
    }
