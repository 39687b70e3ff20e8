"""Coordinates that are shares or per cent of the picture, and no pixels: recognised and refused.

Nothing in a file says it, but all faces together do: shares lie between 0 and 1, per cent below
100 however large the pictures are. ``--units`` says which they are: shares and per cent are of the
picture's edges, so that x is ``share * width - 0.5`` where pixel centres are whole numbers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

import numpy as np

from fanet_mmpose.datasets.converters.images import ImageInfo
from fanet_mmpose.datasets.converters.records import FaceRecord
from fanet_mmpose.errors import UserError

Known: TypeAlias = tuple[FaceRecord, ImageInfo]
"""A face whose picture can be read."""
UNITS = ('pixels', 'shares', 'percent')
WHOLE = {'shares': 1.0, 'percent': 100.0}
_FROM_MIDDLE = 0.2
"""Share of numbers below 0 in coordinates from -1 to 1; of shares, none is, but outside."""
_SHARE = 1.5
"""Shares of points outside of the picture may pass 1."""
_LARGE = 150
"""Pixels of a picture's longer side, of which a face that ends before 100 is remarkable."""
_MANY = 5
"""Faces from which one annotation file is judged by itself, too."""


def to_pixels(
    records: Sequence[FaceRecord], images: Mapping[str, ImageInfo | str], units: str | None
) -> list[FaceRecord]:
    """The faces in pixels.

    Args:
        records: faces; their pictures may be missing from `images`.
        images: by name.
        units: one of `UNITS`; None: pixels, and refused where they look like something else.

    Raises:
        UserError: the numbers look like shares or per cent, and nobody said what they are.

    Faces whose format has shares alone (`FaceRecord.shares`) are scaled whatever `units` says.
    """
    if any(record.shares for record in records):
        return [
            replace(_scaled(r, images[r.name], 1.0), shares=False) if r.shares else r
            for r in records
        ]
    if units in WHOLE:
        _refuse_from_middle(records)
        return [_scaled(record, images[record.name], WHOLE[units]) for record in records]
    if units is None:
        known = [
            (record, image)
            for record in records
            if not isinstance(image := images[record.name], str) and len(record.labelled)
        ]
        for faces in (known, *_of_each_file(known)):
            _refuse_others(faces)
    return list(records)


def _of_each_file(known: Sequence[Known]) -> Iterator[list[Known]]:
    """Faces of each annotation file that has many."""
    files: dict[str, list[Known]] = defaultdict(list)
    for face in known:
        files[face[0].where.split(':')[0]].append(face)
    yield from (faces for faces in files.values() if len(faces) >= _MANY)


def _scaled(record: FaceRecord, image: ImageInfo | str, whole: float) -> FaceRecord:
    if isinstance(image, str):
        return record
    size = np.array([image.width, image.height]) / whole
    points = np.where(record.visibility[:, None] > 0, record.points * size - 0.5, 0)
    rect = None if record.rect is None else record.rect * np.tile(size, 2) - 0.5
    return replace(record, points=points, rect=rect)


def _refuse_others(known: Sequence[Known]) -> None:
    """Raise `UserError` where the numbers of all these faces look like shares or per cent."""
    if not known:
        return
    first = known[0][0].where
    if all(np.abs(record.labelled).max() <= _SHARE for record, _ in known):
        _refuse_from_middle([record for record, _ in known])
        raise UserError(
            f'{first}: all coordinates lie between 0 and 1, so that they seem to be shares of the '
            "picture's size: say --units shares (or pixels)"
        )
    if all(
        max(image.width, image.height) >= _LARGE
        and record.labelled.min() >= 0
        and record.labelled.max() <= WHOLE['percent']
        for record, image in known
    ):
        raise UserError(
            f'{first}: no coordinate is above 100, though all pictures are larger, so that they '
            "seem to be per cent of the picture's size: say --units percent (or pixels)"
        )


def _refuse_from_middle(records: Sequence[FaceRecord]) -> None:
    """Raise `UserError` where many numbers are negative, as they are where 0 is the middle."""
    numbers = np.concatenate([record.labelled.ravel() for record in records] or [np.zeros(0)])
    if numbers.size and (numbers < 0).mean() > _FROM_MIDDLE:
        raise UserError(
            f'{records[0].where}: many coordinates are below 0, so that they seem to count from '
            "the picture's middle (-1 to 1): write them in pixels, x = (v + 1) / 2 * width - 0.5"
        )
