"""Sort a release's rows into faces to keep and rows for the quarantine."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
from tqdm import tqdm

from fanet_mmpose.datasets.converters.checks import (
    faces_before_exif,
    mirrored_faces,
    point_problem,
    rect_problem,
    size_problem,
)
from fanet_mmpose.datasets.converters.duplicates import repeated_faces
from fanet_mmpose.datasets.converters.images import ImageInfo, inspect_image
from fanet_mmpose.datasets.converters.records import LEFT_OUT, BadRow, FaceRecord
from fanet_mmpose.errors import UserError
from fanet_mmpose.geometry.schemas import PointSchema

QUARANTINE = 'quarantine.csv'
_BEFORE_EXIF = (
    'the points are of the picture as it is stored, and EXIF turns it: take the turn out of the '
    'file (exiftool -Orientation= FILE), or give the points of the picture as it is seen'
)


def inspect_images(rows: Iterable[FaceRecord | BadRow]) -> dict[str, ImageInfo | str]:
    """By image name: what it is, or why it cannot be used.

    Raises:
        UserError: two different images have one name.
    """
    paths: dict[str, Path] = {}
    for row in rows:
        if isinstance(row, FaceRecord) and paths.setdefault(row.name, row.image) != row.image:
            raise UserError(f'{row.image}: another image is also called {row.name}; rename one')

    def look(path: Path) -> ImageInfo | str:
        try:
            return inspect_image(path)
        except ValueError as error:
            return str(error)

    with ThreadPoolExecutor() as pool:
        found = pool.map(look, paths.values())
        bar = tqdm(found, desc='check images', total=len(paths), unit='image', disable=None)
        return dict(zip(paths, bar, strict=True))


def sort_out(
    rows: Sequence[FaceRecord | BadRow], images: dict[str, ImageInfo | str], schema: PointSchema
) -> tuple[list[FaceRecord], list[BadRow]]:
    """The faces to keep, and every complaint. A bad rectangle costs the face only that."""
    kept: list[FaceRecord] = []
    bad = [row for row in rows if isinstance(row, BadRow)]
    for record in rows:
        if isinstance(record, BadRow):
            continue
        image = images[record.name]
        problem = (
            image
            if isinstance(image, str)
            else size_problem(record, image) or point_problem(record, image, schema)
        )
        if problem:
            action = 'face dropped' if isinstance(image, str) or len(record.labelled) else LEFT_OUT
            bad.append(BadRow(record.where, record.name, problem, action))
            continue
        problem = rect_problem(record)
        if problem:
            bad.append(BadRow(record.where, record.name, problem, 'rectangle dropped'))
            record = replace(record, rect=None)
        kept.append(record)
    seen = [image for r in kept if not isinstance(image := images[r.name], str)]
    reasons = np.where(faces_before_exif(kept, seen, schema), _BEFORE_EXIF, '')
    reasons = np.where(mirrored_faces(kept, schema), 'left and right are exchanged', reasons)
    pairs = list(zip(kept, map(str, reasons), strict=True))
    bad += [BadRow(record.where, record.name, reason) for record, reason in pairs if reason]
    return [record for record, reason in pairs if not reason], bad


def drop_repeated(
    records: list[FaceRecord], images: dict[str, ImageInfo]
) -> tuple[list[FaceRecord], list[BadRow]]:
    """The faces that are in no later fold, and the others."""
    repeated = repeated_faces(records, images)
    bad = [
        BadRow(
            records[i].where,
            records[i].name,
            f'the same face, or its mirror image, is in {records[j].fold} ({records[j].where})',
        )
        for i, j in sorted(repeated.items())
    ]
    return [record for i, record in enumerate(records) if i not in repeated], bad


def stop_if_too_bad(
    rows: Sequence[FaceRecord | BadRow], bad: Sequence[BadRow], max_bad: float
) -> None:
    """End the run where the share of bad rows says that something is wrong as a whole.

    Raises:
        UserError: there are more than `max_bad`, or no rows at all.
    """
    if not rows:
        raise UserError('no face is annotated there; check --source')
    left_out = [row for row in bad if not row.counts]
    bad = [row for row in bad if row.counts]
    if len(left_out) == len(rows):
        first = left_out[0]
        raise UserError(f'{first.where}: is no face ({first.reason}), and neither is any other')
    total = len(rows) - len(left_out)
    if len(bad) <= max_bad * total:
        return
    reasons = Counter(row.reason for row in bad).most_common(1)
    reason, count = reasons[0]
    first = next(row for row in bad if row.reason == reason)
    if len(bad) == total:
        raise UserError(f'{first.where}: {reason} ({count} of {total} rows; none can be used)')
    raise UserError(
        f'{first.where}: {reason} ({count} of {len(bad)} bad rows of {total}, more than the '
        f'{100 * max_bad:g} % that --max-bad allows); with --max-bad 1 the rest is converted '
        f'and {QUARANTINE} lists them all'
    )
