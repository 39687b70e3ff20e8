"""Is a face's annotation plausible? Each check answers with a reason, or with nothing."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from fanet_mmpose.datasets.converters.images import ImageInfo
from fanet_mmpose.datasets.converters.records import FaceRecord
from fanet_mmpose.geometry.boxes import tight_box
from fanet_mmpose.geometry.schemas import PointSchema

MARGIN = 0.25
"""How far outside the image a point may lie, in units of the image's longer side. Faces cut by
the border are annotated beyond it in every data set; a swapped or shifted column goes further."""

_ROUNDING = 1
"""Pixels by which a stated size may differ."""

MIN_COVERED = 0.5
"""Share of a face's points that its rectangle must contain."""

MIRRORED = -0.3
"""`handedness` below this is a mirrored face. Whole faces lie near 1, profiles near 0."""

_DOWN_AFTER = {3: (0, -1), 6: (1, 0), 8: (-1, 0)}
"""Direction [2] in a stored picture that is downwards after EXIF's turn, by orientation."""

_UPRIGHT, _LYING = 0.7, 0.3
"""Downward part of the axis from eyes to mouth in a face that stands, and in one that does not."""


def size_problem(record: FaceRecord, image: ImageInfo) -> str | None:
    """Why the points are of another picture than this, by its size, or None."""
    size = record.stated_size
    if size is None or max(abs(size[0] - image.width), abs(size[1] - image.height)) <= _ROUNDING:
        return None
    turned = max(abs(size[1] - image.width), abs(size[0] - image.height)) <= _ROUNDING
    hint = ' (EXIF turns the picture, or it was turned since)' if turned else ''
    return (
        f'the annotation is of a picture of {size[0]} x {size[1]}, and this one has '
        f'{image.width} x {image.height}{hint}: give the picture as it was annotated'
    )


def point_problem(record: FaceRecord, image: ImageInfo, schema: PointSchema) -> str | None:
    """Why the points cannot be right, or None."""
    points = record.points
    if points.shape != (schema.num_points, 2):
        return f'{len(points)} points where {schema.num_points} are expected'
    if not len(record.labelled):
        return 'no point is labelled'
    if not np.isfinite(record.labelled).all():
        worst = int(np.flatnonzero(~np.isfinite(points).all(axis=1))[0])
        return f'point {worst} is not finite'
    size = np.array([image.width, image.height])
    outside = np.maximum(-record.labelled, record.labelled - (size - 1)).max()
    if outside > MARGIN * size.max():
        return f'a point is {outside:.0f} px outside the {image.width} x {image.height} image'
    x1, y1, x2, y2 = tight_box(record.labelled)
    if max(x2 - x1, y2 - y1) < 1:
        return 'all points coincide'
    return None


def rect_problem(record: FaceRecord) -> str | None:
    """Why the release's rectangle cannot be this face's, or None."""
    if record.rect is None:
        return None
    if not np.isfinite(record.rect).all() or (record.rect[2:] <= record.rect[:2]).any():
        return 'the rectangle is empty or not finite'
    inside = (record.labelled >= record.rect[:2]) & (record.labelled <= record.rect[2:])
    covered = inside.all(axis=1).mean()
    if covered < MIN_COVERED:
        return f'the rectangle holds {100 * covered:.0f} % of the points'
    return None


def handedness(points: np.ndarray, schema: PointSchema) -> np.ndarray:
    """[N] how surely faces [N, K, 2] are unmirrored: about 1, about -1 mirrored, 0 undecidable.

    The cross product of the left-to-right axis and the eyes-to-mouth axis, which a rotation of
    the face does not change, over the squared length of the latter. Unlabelled points are NaN.
    A schema that does not say where the eyes are is judged by its mirror pairs: which of a pair
    is on the left is then taken from the majority of the faces.
    """
    if not schema.flip_pairs:
        return np.ones(len(points))
    first, second = np.array(schema.flip_pairs).T
    left, right = schema.eye_corners or (tuple(first), tuple(second))
    across = _mean(points, right) - _mean(points, left)
    down = np.array([0.0, 1.0]) * np.linalg.norm(across, axis=1, keepdims=True)
    if {'eyes', 'mouth'} <= set(schema.parts):
        down = _mean(points, schema.parts['mouth']) - _mean(points, schema.parts['eyes'])
    cross = across[:, 0] * down[:, 1] - across[:, 1] * down[:, 0]
    score = np.nan_to_num(cross / np.maximum((down**2).sum(axis=1), 1e-9))
    if schema.eye_corners is None and np.median(score) < 0:
        score = -score
    return score


def mirrored_faces(records: Sequence[FaceRecord], schema: PointSchema) -> np.ndarray:
    """[N] booleans: left and right are exchanged."""
    if not records:
        return np.zeros(0, dtype=bool)
    return handedness(_labelled_points(records), schema) < MIRRORED


def faces_before_exif(
    records: Sequence[FaceRecord], images: Sequence[ImageInfo], schema: PointSchema
) -> np.ndarray:
    """[N] booleans: the points are of the picture as it is stored, before EXIF turns it.

    Such a face lies on its side or head, and the turn of its picture would set it up. Where that
    holds for half of the turned pictures' faces at most, people lie in them, and none is meant.
    Turns that mirror as well show as faces with left and right exchanged.
    """
    found = np.zeros(len(records), dtype=bool)
    turns = np.array([image.orientation for image in images])
    if not np.isin(turns, list(_DOWN_AFTER)).any() or not {'eyes', 'mouth'} <= set(schema.parts):
        return found
    points = _labelled_points(records)
    down = _mean(points, schema.parts['mouth']) - _mean(points, schema.parts['eyes'])
    down /= np.maximum(np.linalg.norm(down, axis=1, keepdims=True), 1e-9)
    judged = np.zeros(len(records), dtype=bool)
    for turn, stored in _DOWN_AFTER.items():
        of_turn = (turns == turn) & np.isfinite(down).all(axis=1)
        judged |= of_turn
        found |= of_turn & (down[:, 1] < _LYING) & (down @ stored > _UPRIGHT)
    return found if 2 * found.sum() > judged.sum() else np.zeros_like(found)


def _labelled_points(records: Sequence[FaceRecord]) -> np.ndarray:
    """[N, K, 2] points, NaN where they are not labelled."""
    points = np.stack([record.points for record in records]).astype(np.float64)
    points[np.stack([record.visibility for record in records]) == 0] = np.nan
    return points


def _mean(points: np.ndarray, group: Sequence[int]) -> np.ndarray:
    """[N, 2] mean of the group's labelled points, NaN without one."""
    chosen = points[:, list(group)]
    known = np.isfinite(chosen).all(axis=2, keepdims=True)
    total = np.where(known, chosen, 0).sum(axis=1)
    count = known.sum(axis=1)
    return np.divide(total, count, out=np.full(total.shape, np.nan), where=count > 0)
