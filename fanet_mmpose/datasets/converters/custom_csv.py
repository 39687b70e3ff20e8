"""A table with one face a line, as programs and spreadsheets save it.

Columns: the image (``image``, ``file_name``, ``filename``, ...); the points as ``x0,y0,x1,y1,...``
(or from 1) or ``<point>_x,<point>_y``, ``x_<point>,y_<point>``; optionally visibility ``v0,...`` or
``<point>_v`` (COCO's 0, 1, 2), ``split``, ``bbox_x,bbox_y,bbox_w,bbox_h``. Every other column
becomes an attribute. Separated by commas, semicolons, tabs or blanks; a first line ``sep=;`` and
blank lines are passed over; numbers may have a decimal comma.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from fanet_mmpose.datasets.converters.custom_common import (
    as_flags,
    attributes_of,
    is_blank_label,
)
from fanet_mmpose.datasets.converters.custom_face import RawFace, RawRows
from fanet_mmpose.datasets.converters.marks import number_or_nothing
from fanet_mmpose.datasets.converters.point_names import plain_name, point_positions
from fanet_mmpose.datasets.converters.records import UNLABELLED, VISIBLE, try_row
from fanet_mmpose.datasets.converters.source import Source
from fanet_mmpose.errors import UserError
from fanet_mmpose.geometry.boxes import xywh_to_xyxy
from fanet_mmpose.geometry.schemas import PointSchema

IMAGE_COLUMNS = (
    'image', 'file_name', 'filename', 'file', 'path', 'image_name', 'image_path', 'imagename',
    'imagepath', 'file_path', 'filepath', 'image_id', 'img', 'img_name', 'img_path',
)  # fmt: skip
_BOX_COLUMNS = ('bbox_x', 'bbox_y', 'bbox_w', 'bbox_h')
_AXIS_LAST = re.compile(r'(.*?)[\s_.:-]*([xyv])', re.IGNORECASE)
_AXIS_FIRST = re.compile(r'([xyv])[\s_.:-]*(.*)', re.IGNORECASE)
_DECIMAL_COMMA = re.compile(r'\s*[+-]?\d+,\d+\s*')


@dataclass(frozen=True)
class Table:
    """A table's rows as texts by column, with the line of each."""

    columns: list[str]
    rows: list[tuple[int, dict[str | None, Any]]] = field(default_factory=list)


def is_table(source: Source, path: Path, content: Any) -> bool:
    """Whether the first line names columns, one of them the image's."""
    if is_blank_label(path):
        return False
    _, columns = _header(source.read_text(path))
    is_list = path.suffix.lower() == '.csv' and len(columns) > 2 and _is_number(columns[1])
    return not is_list and (_image_column(columns) is not None or path.suffix.lower() == '.csv')


def read_csv(source: Source, schema: PointSchema) -> RawRows:
    """Faces of every table.

    Raises:
        UserError: the image's column or a point's columns are missing, or there are more points.
    """
    paths = [p for p in source.files if p.suffix.lower() in ('.csv', '.tsv', '.txt')]
    for path in paths:
        if path.suffix.lower() == '.txt' and not is_table(source, path, None):
            continue
        table = read_table(source.read_text(path, schema.point_names))
        columns = _Columns(path, table, schema)
        for line, row in table.rows:
            where = f'{source.relative(path)}:{line}'
            yield try_row(
                where, str(row.get(columns.image)), partial(_parse, columns, row, path, where)
            )


def _header(text: str) -> tuple[str, list[str]]:
    """Delimiter and names of the columns."""
    lines = [line for line in text.splitlines() if line.strip()]
    declared = re.fullmatch(r'"?sep=(.)"?\s*', lines[0], re.IGNORECASE) if lines else None
    if declared:
        lines = lines[1:]
    first = lines[0] if lines else ''
    delimiter = declared[1] if declared else max(',;\t|', key=first.count)
    if not declared and not first.count(delimiter):
        delimiter = ' '
    names = next(csv.reader([first], delimiter=delimiter, skipinitialspace=True), [])
    return delimiter, [name.strip().lstrip('#').strip() for name in names]


def read_table(text: str) -> Table:
    """Columns and rows; blank lines and a line ``sep=;`` are passed over."""
    delimiter, columns = _header(text)
    table = Table(columns)
    lines = io.StringIO(text, newline=None)  # the line ends of any system
    reader = csv.reader(lines, delimiter=delimiter, skipinitialspace=True)
    seen_header = False
    for cells in reader:
        blank = not any(cell.strip() for cell in cells)
        if blank or (len(cells) <= 2 and cells[0].strip('"').lower().startswith('sep=')):
            continue
        if not seen_header:
            seen_header = True
            continue
        row: dict[str | None, Any] = dict(zip(columns, cells, strict=False))
        if len(cells) != len(columns):
            row[None] = len(cells)
        table.rows.append((reader.line_num, row))
    return table


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _image_column(columns: list[str]) -> str | None:
    plain = {}
    for name in columns:
        plain.setdefault(plain_name(name), name)
    wanted = (plain_name(name) for name in IMAGE_COLUMNS)
    return next((plain[name] for name in wanted if name in plain), None)


class _Columns:
    """Which column holds what.

    Raises:
        UserError: the image's column or a point's columns are missing or ambiguous.
    """

    def __init__(self, path: Path, table: Table, schema: PointSchema) -> None:
        self.names = table.columns
        image = _image_column(self.names)
        if image is None:
            raise UserError(f'{path}:1: no column named {" or ".join(IMAGE_COLUMNS[:5])}')
        self.image = image
        repeated = next((n for n in self.names if n and self.names.count(n) > 1), None)
        if repeated is not None:
            raise UserError(
                f'{path}:1: two columns are called {repeated!r}; give each its own name'
            )
        points = _point_columns(path, [n for n in self.names if n != image], schema)
        self.labels = tuple(points)
        self.xy = [(columns['x'], columns['y']) for columns in points.values()]
        self.visibility = [columns.get('v') for columns in points.values()]
        self.box = _BOX_COLUMNS if set(_BOX_COLUMNS) <= set(self.names) else ()
        used = {image, *self.box, *(n for c in points.values() for n in c.values())}
        self.attributes = [name for name in self.names if name and name not in used]


def _point_columns(path: Path, names: list[str], schema: PointSchema) -> dict[str, dict[str, str]]:
    """Columns of x, y and v by the label of each of the schema's points."""
    known = {plain_name(name) for name in schema.point_names}
    found: dict[str, dict[str, str]] = {}
    for name in names:
        for pattern, axis, rest in ((_AXIS_LAST, 2, 1), (_AXIS_FIRST, 1, 2)):
            match = pattern.fullmatch(name.strip())
            label = match[rest].strip() if match else ''
            if label and (plain_name(label) in known or re.fullmatch(r'.*\d', label)):
                found.setdefault(label, {})[match[axis].lower()] = name
                break
    found = {label: axes for label, axes in found.items() if {'x', 'y'} <= set(axes)}
    positions = point_positions(found, schema, _first_number(found))
    missing = next((i for i in range(schema.num_points) if i not in positions.values()), None)
    if missing is not None:
        point, number = schema.point_names[missing], missing + ('x0' not in names)
        if not found and {'xmin', 'ymin', 'xmax', 'ymax'} <= {name.lower() for name in names}:
            raise UserError(
                f'{path}:1: has boxes (xmin, ymin, xmax, ymax) and no points, as every table of '
                'Roboflow: export COCO keypoints or YOLO pose'
            )
        raise UserError(
            f'{path}:1: no columns x{number},y{number} or {point}_x,{point}_y; every point of the '
            f'schema {schema.name} needs its columns'
        )
    beyond = next((label for label in found if label not in positions), None)
    if beyond is not None or len(found) > schema.num_points:
        more = found[beyond]['x'] if beyond else f'{len(found)} points'
        raise UserError(
            f'{path}:1: {more} is of no point of the schema {schema.name}, which has '
            f'{schema.num_points}; take the schema of these points, or the column out'
        )
    return found


def _first_number(labels: Iterable[str]) -> int:
    """What numbered columns count from: 0 where there is a column of that number."""
    return 0 if any(re.fullmatch(r'\D*0+', label) for label in labels) else 1


def _parse(columns: _Columns, row: Mapping[str | None, Any], path: Path, where: str) -> RawFace:
    if None in row:
        raise ValueError(f'the line has {row[None]} fields where {len(columns.names)} are expected')
    xy = np.array([[_number(row[x]), _number(row[y])] for x, y in columns.xy])
    flags = as_flags(
        _number(row[n] if n and row[n].strip() else VISIBLE) for n in columns.visibility
    )
    box = [_number(row[name]) for name in columns.box]
    flags[np.isnan(xy).all(axis=1)] = UNLABELLED
    return RawFace(
        path=path,
        where=where,
        image=row[columns.image].strip(),
        xy=xy,
        flags=flags,
        labels=columns.labels,
        rect=xywh_to_xyxy(np.array(box)) if box and np.isfinite(box).all() else None,
        attributes=attributes_of({name: row[name] for name in columns.attributes}),
        no_face='' if flags.any() else 'no point is labelled',
    )


def _number(text: str | int) -> float:
    text = str(text)
    return number_or_nothing(text.replace(',', '.') if _DECIMAL_COMMA.fullmatch(text) else text)
