"""Lists without names of columns, as WFLW, PIPNet and many papers' repositories have them.

One face a line: the picture's name first or last, and 2K numbers ``x y x y ...``; then, as in
WFLW, optionally a rectangle (two corners) and six attributes of 0 or 1. Blanks, commas or tabs
part the fields; the name may hold blanks where blanks part them. CelebA's two first lines (the
number of faces, the names of the columns) are read too. Numbers in another order (all x, then all
y) are refused: nothing in a line says so, but all lines together do.
"""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from fanet_mmpose.datasets.converters.custom_common import is_blank_label
from fanet_mmpose.datasets.converters.custom_face import RawFace, RawRows
from fanet_mmpose.datasets.converters.records import BadRow, all_visible, try_row
from fanet_mmpose.datasets.converters.source import IMAGE_SUFFIXES, Source
from fanet_mmpose.errors import UserError
from fanet_mmpose.geometry.schemas import PointSchema

WFLW_ATTRIBUTES = ('pose', 'expression', 'illumination', 'makeup', 'occlusion', 'blur')
_RECT = 4
_NAME = re.compile(r'\.(' + '|'.join(s[1:] for s in IMAGE_SUFFIXES) + r')$', re.IGNORECASE)
_LEAST = 8
"""Faces from which the order of the numbers is judged."""


def is_list(source: Source, path: Path, content: Any) -> bool:
    """Whether one of the first lines is a picture's name and at least four numbers."""
    if is_blank_label(path):
        return False
    lines = [line for line in source.read_text(path).splitlines()[:4] if line.strip()]
    return any(_split(line) is not None for line in lines)


def read_list(source: Source, schema: PointSchema) -> RawRows:
    """Faces of every list.

    Raises:
        UserError: the numbers are all x, then all y.
    """
    for path in source.files:
        if path.suffix.lower() not in ('.txt', '.csv', '.lst') or not is_list(source, path, None):
            continue
        lines = source.read_text(path).splitlines()
        rows, labels = [], None
        for number, line in enumerate(lines, start=1):
            if not line.strip() or (number == 1 and line.strip().isdecimal()):
                continue
            if labels is None and not rows and _split(line) is None:
                labels = _column_labels(line, schema)
                continue
            where = f'{source.relative(path)}:{number}'
            rows.append(
                try_row(where, line[:60], partial(_parse, path, where, line, schema, labels))
            )
        _refuse_blocks(path, rows)
        yield from rows


def _split(line: str) -> tuple[str, list[str]] | None:
    """Name and numbers of a line, None where it has no such form."""
    separated = [f.strip() for f in re.split(r'[,;\t]', line.strip().rstrip(',;')) if f.strip()]
    fields = separated if len(separated) > 4 else line.split()
    for names_first in (True, False):
        numbers = 0
        for text in fields[::-1] if names_first else fields:
            if not _is_number(text):
                break
            numbers += 1
        rest = fields[: len(fields) - numbers] if names_first else fields[numbers:]
        if rest and numbers >= 4 and _NAME.search(rest[-1]):
            return ' '.join(rest), fields[len(rest) :] if names_first else fields[:numbers]
    return None


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _column_labels(line: str, schema: PointSchema) -> tuple[str, ...] | None:
    """Names of points in a heading ``lefteye_x lefteye_y ...``."""
    labels = [re.sub(r'[\s_.:-]*x$', '', field) for field in line.split() if field[-1] in 'xX']
    return tuple(labels) if len(labels) == schema.num_points else None


def _parse(
    path: Path, where: str, line: str, schema: PointSchema, labels: tuple[str, ...] | None
) -> RawFace:
    split = _split(line)
    if split is None:
        raise ValueError('the line is not a picture and numbers')
    name, texts = split
    numbers = np.array(texts, dtype=np.float64)
    count, more = 2 * schema.num_points, len(texts) - 2 * schema.num_points
    if more not in (0, _RECT, _RECT + len(WFLW_ATTRIBUTES)):
        raise ValueError(
            f'{len(texts)} numbers where {count} are expected (x and y of {schema.num_points} '
            'points, then perhaps a rectangle and six attributes)'
        )
    xy = numbers[:count].reshape(-1, 2)
    rect = numbers[count : count + _RECT] if more else None
    if rect is not None:
        inside = ((xy >= rect[:2]) & (xy <= rect[2:])).all(axis=1).mean()
        if inside < 0.5:
            raise ValueError(
                'its last numbers are no rectangle (x1 y1 x2 y2) round its points, if these are '
                'x y x y: for another order write a table whose first line names the columns'
            )
    flags = numbers[count + _RECT :]
    if not set(flags) <= {0, 1}:
        raise ValueError('the six attributes are not 0 or 1')
    attributes = dict(zip(WFLW_ATTRIBUTES, map(int, flags), strict=True)) if len(flags) else {}
    return RawFace(
        path=path,
        where=where,
        image=name,
        xy=xy,
        flags=all_visible(xy),
        labels=labels,
        rect=rect,
        attributes=attributes,
    )


def _refuse_blocks(path: Path, rows: list[RawFace | BadRow]) -> None:
    """Raise `UserError` where the first half of the numbers varies together, and the second.

    The x of a face's points follow the face from picture to picture, and so do its y: of numbers
    in turns, it is every second one that does.
    """
    faces = [row.xy.ravel() for row in rows if isinstance(row, RawFace)]
    if len(faces) < _LEAST or faces[0].size < 8:
        return
    numbers = np.stack(faces)
    with np.errstate(invalid='ignore', divide='ignore'):
        tied = np.nan_to_num(np.corrcoef(numbers, rowvar=False))
    index = np.arange(len(tied))
    in_turns = (index[:, None] - index) % 2 == 0
    in_blocks = (index[:, None] < len(tied) / 2) == (index < len(tied) / 2)
    others = ~np.eye(len(tied), dtype=bool)
    turns, blocks = tied[in_turns & ~in_blocks].mean(), tied[in_blocks & ~in_turns & others].mean()
    if blocks > turns + 0.2:
        raise UserError(
            f'{path}: its numbers look like all x, then all y, and not like x y x y; write a table '
            'whose first line names the columns (image,x0,x1,...,y0,y1,...)'
        )
