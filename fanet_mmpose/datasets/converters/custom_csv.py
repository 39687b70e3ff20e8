"""A table with one face a line, as programs and spreadsheets save it.

Columns: the image (``image``, ``file_name``, ``filename``, ...); the points as ``x0,y0,x1,y1,...``
(or from 1) or ``<point>_x,<point>_y``, ``x_<point>,y_<point>``; optionally the flag ``v0,...`` or
``<point>_v`` (COCO's 0, 1, 2), or ``<point>_visible`` or ``_occluded`` (yes or no); ``split``,
``bbox_x,bbox_y,bbox_w,bbox_h``; ``folder`` before the image's name. Every other column becomes an
attribute. Separated by commas, semicolons, tabs or blanks; a first line ``sep=;`` and
blank lines are passed over; numbers may have a decimal comma.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from fanet_mmpose.datasets.converters.csv_columns import Columns, FlagColumn
from fanet_mmpose.datasets.converters.custom_common import (
    as_flags,
    attributes_of,
    is_blank_label,
    stated_size,
    yes_or_no,
)
from fanet_mmpose.datasets.converters.custom_face import RawFace, RawRows
from fanet_mmpose.datasets.converters.marks import number_or_nothing
from fanet_mmpose.datasets.converters.records import OCCLUDED, UNLABELLED, VISIBLE, try_row
from fanet_mmpose.datasets.converters.source import Source
from fanet_mmpose.datasets.converters.split_lists import is_split_table
from fanet_mmpose.datasets.converters.tables import (
    Table,
    axes_of,
    header,
    image_column,
    is_number,
    read_table,
    with_thousands,
)
from fanet_mmpose.errors import UserError
from fanet_mmpose.geometry.boxes import xywh_to_xyxy
from fanet_mmpose.geometry.schemas import PointSchema

_DECIMAL_COMMA = re.compile(r'\s*[+-]?\d+,\d+\s*')


def is_table(source: Source, path: Path, content: Any) -> bool:
    """Whether the first line names columns, one of them the image's."""
    if is_blank_label(path):
        return False
    _, columns = header(source.read_text(path))
    is_list = path.suffix.lower() == '.csv' and len(columns) > 2 and is_number(columns[1])
    return not is_list and (image_column(columns) is not None or path.suffix.lower() == '.csv')


def has_points(source: Source, path: Path, content: Any) -> bool:
    """Whether the first line names the columns of a picture and of three points or more."""
    if is_blank_label(path):
        return False
    _, columns = header(source.read_text(path))
    return image_column(columns) is not None and len(axes_of(columns, bool)) > 2


def read_csv(source: Source, schema: PointSchema) -> RawRows:
    """Faces of every table.

    Raises:
        UserError: the image's column or a point's columns are missing, there are more points, or
            numbers have separators of thousands.
    """
    paths = [p for p in source.files if p.suffix.lower() in ('.csv', '.tsv', '.txt')]
    for path in paths:
        if path.suffix.lower() == '.txt' and not is_table(source, path, None):
            continue
        table = read_table(source.read_text(path, schema.point_names))
        if is_split_table(table):
            continue
        columns = Columns(source, path, table, schema)
        _refuse_thousands(path, columns, table)
        for line, row in table.rows:
            where = f'{source.relative(path)}:{line}'
            yield try_row(
                where, str(row.get(columns.image)), partial(_parse, columns, row, path, where)
            )


def _refuse_thousands(path: Path, columns: Columns, table: Table) -> None:
    names = [name for pair in columns.xy for name in pair]
    number = with_thousands(row.get(name) or '' for _, row in table.rows for name in names)
    if number:
        raise UserError(
            f'{path}: {number!r} seems to have a separator of thousands: write the points without '
            'it (if it is the decimal sign, write decimals in every number: 842.0)'
        )


def _parse(columns: Columns, row: Mapping[str | None, Any], path: Path, where: str) -> RawFace:
    if None in row:
        raise ValueError(f'the line has {row[None]} fields where {len(columns.names)} are expected')
    xy = np.array([[_number(row[x]), _number(row[y])] for x, y in columns.xy])
    flags = as_flags(_flag(row, column) for column in columns.flags)
    box = [_number(row[name]) for name in columns.box]
    flags[np.isnan(xy).all(axis=1)] = UNLABELLED
    return RawFace(
        path=path,
        where=where,
        image='/'.join(row[name].strip() for name in (columns.folder, columns.image) if name),
        xy=xy,
        flags=flags,
        counted=any(column is not None and column.kind == 'v' for column in columns.flags),
        labels=columns.labels,
        rect=xywh_to_xyxy(np.array(box)) if box and np.isfinite(box).all() else None,
        attributes=attributes_of({name: row[name] for name in columns.attributes}),
        size=stated_size(*(row.get(name) for name in columns.size)),
        no_face='' if flags.any() else 'no point is labelled',
    )


def _flag(row: Mapping[str | None, Any], column: FlagColumn | None) -> float:
    text = row[column.name].strip() if column else ''
    if column is None or not text:
        return VISIBLE
    if column.kind == 'v':
        return _number(text)
    said = yes_or_no(text)
    if said is None:
        raise ValueError(f'{column.name!r} is {text!r}, neither yes nor no')
    return VISIBLE if said == (column.kind == 'visible') else OCCLUDED


def _number(text: str | int) -> float:
    text = str(text)
    return number_or_nothing(text.replace(',', '.') if _DECIMAL_COMMA.fullmatch(text) else text)
