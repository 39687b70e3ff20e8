"""The ``.pts`` format of iBUG: ``version: 1``, ``n_points: 68`` and a braced list of ``x y``.

Read as it circulates: capitals or none, comments (``#``, ``//``), braces on any line, commas or
tabs between numbers, a decimal comma where blanks part the two numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np

from fanet_mmpose.datasets.converters.custom_face import RawFace, RawRows
from fanet_mmpose.datasets.converters.records import all_visible, as_points, try_row
from fanet_mmpose.datasets.converters.source import Source
from fanet_mmpose.datasets.converters.text import numbered_lines
from fanet_mmpose.errors import UserError
from fanet_mmpose.geometry.schemas import PointSchema

MATLAB_BASE = 1.0
"""``.pts`` files and MATLAB count pixels from 1: the first pixel's centre is (1, 1)."""

_COMMENT = re.compile(r'(#|//|;;).*')
_COUNT = re.compile(r'n_?points\s*[:=]?\s*(\d+)', re.IGNORECASE)
_HEADER = re.compile(r'(version|n_?points)\b', re.IGNORECASE)
_DECIMAL_COMMA = re.compile(r'[+-]?\d+,\d+')


def read_pts(
    path: Path, count: int, base: float = MATLAB_BASE, headerless: bool = False
) -> np.ndarray:
    """[count, 2] points, 0-based: `base` is subtracted.

    Args:
        path: the file.
        count: points that are expected.
        base: what the first pixel's centre is called.
        headerless: whether a file of nothing but numbers is taken, too.

    Raises:
        ValueError: the file is not ``.pts``, is cut off, or holds another number of points; the
            message names the line.
    """
    try:
        lines = list(_lines(path))
    except UserError as error:
        raise ValueError(str(error).removeprefix(f'{path}: ')) from None
    bare = bool(lines) and not _HEADER.match(lines[0][1])
    if not lines or (bare and not headerless):
        where = lines[0][0] if lines else f'{path.name}:1'
        raise ValueError(f'{where} is not the first line of a .pts file ("version: 1")')
    rows = lines if bare and '{' not in lines[0][1] else _braced(lines)
    said = next((m for _, text in lines if (m := _COUNT.search(text))), None)
    if said and int(said[1]) != len(rows):
        raise ValueError(f'{path.name} says n_points: {said[1]} and holds {len(rows)} points')
    return as_points(np.array([_point(*row) for row in rows]), count) - base


def read_pts_folder(source: Source, schema: PointSchema) -> RawRows:
    """A folder of images, each with a ``.pts`` file beside it or in a folder of the same name."""
    for path in source.find('*.pts'):
        where = source.relative(path)
        yield try_row(where, path.stem, partial(_face, path, where, schema.num_points))


def refuse_headerless(source: Source) -> None:
    """Raise `UserError` for a file of nothing but numbers: they may count from 0 or from 1."""
    bare = next((path for path in source.find('*.pts') if not _has_header(path)), None)
    if bare is not None:
        raise UserError(
            f'{bare}: has no first line "version: 1", so that its numbers may count from 0 or '
            'from 1: say it with --base 0 or 1'
        )


def _has_header(path: Path) -> bool:
    try:
        first = next((text for _, text in _lines(path)), '')
    except UserError:  # what is wrong with it is said when it is read
        return True
    return bool(_HEADER.match(first))


def _lines(path: Path) -> Iterator[tuple[str, str]]:
    """Lines without comments that are not blank, with the place of each."""
    for where, text in numbered_lines(path):
        content = _COMMENT.sub('', text).strip()
        if content:
            yield where, content


def _face(path: Path, where: str, count: int) -> RawFace:
    points = read_pts(path, count, 0.0, headerless=True)
    return RawFace(path, where, '', points, all_visible(points), of_one_picture=True)


def _braced(lines: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The lines between the braces, what stands beside a brace included."""
    rows, state = [], 'before'
    for where, text in lines:
        if state == 'before' and '{' in text:
            state, text = 'inside', text.split('{', 1)[1].strip()
        if state == 'inside':
            inner, brace, _ = text.partition('}')
            if inner.strip():
                rows.append((where, inner.strip()))
            if brace:
                return rows
    raise ValueError(f'{lines[-1][0]} ends without closing the braces: the file is cut off')


def _point(where: str, text: str) -> tuple[float, float]:
    fields = text.split()
    if len(fields) == 2 and all(_DECIMAL_COMMA.fullmatch(field) for field in fields):
        fields = [field.replace(',', '.') for field in fields]
    else:
        fields = [field for field in re.split(r'[\s,;]+', text) if field]
    try:
        x, y = map(float, fields)
    except ValueError:
        raise ValueError(f'{where} is not "x y": {text[:40]!r}') from None
    return x, y
