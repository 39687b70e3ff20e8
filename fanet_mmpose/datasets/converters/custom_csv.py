"""A table with one face a line, as programs and spreadsheets save it.

Columns: the image (``image``, ``file_name``, ``filename``, ...); the points as ``x0,y0,x1,y1,...``
(or from 1) or ``<point>_x,<point>_y``, ``x_<point>,y_<point>``; optionally visibility ``v0,...`` or
``<point>_v`` (COCO's 0, 1, 2), ``split``, ``bbox_x,bbox_y,bbox_w,bbox_h``. Every other column
becomes an attribute. Separated by commas, semicolons, tabs or blanks; a first line ``sep=;`` and
blank lines are passed over; numbers may have a decimal comma.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from fanet_mmpose.datasets.converters.custom_common import (
    as_flags,
    attributes_of,
    is_blank_label,
    stated_size,
)
from fanet_mmpose.datasets.converters.custom_face import RawFace, RawRows
from fanet_mmpose.datasets.converters.marks import number_or_nothing
from fanet_mmpose.datasets.converters.point_names import plain_name, point_positions
from fanet_mmpose.datasets.converters.records import UNLABELLED, VISIBLE, try_row
from fanet_mmpose.datasets.converters.source import Source
from fanet_mmpose.datasets.converters.split_lists import is_split_table
from fanet_mmpose.datasets.converters.strange_formats import WAY_OUT, name_table
from fanet_mmpose.datasets.converters.tables import (
    IMAGE_COLUMNS,
    Table,
    axes_of,
    header,
    image_column,
    is_number,
    read_table,
)
from fanet_mmpose.errors import UserError
from fanet_mmpose.geometry.boxes import xywh_to_xyxy
from fanet_mmpose.geometry.schemas import PointSchema

_BOX_COLUMNS = ('bbox_x', 'bbox_y', 'bbox_w', 'bbox_h')
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
        UserError: the image's column or a point's columns are missing, or there are more points.
    """
    paths = [p for p in source.files if p.suffix.lower() in ('.csv', '.tsv', '.txt')]
    for path in paths:
        if path.suffix.lower() == '.txt' and not is_table(source, path, None):
            continue
        table = read_table(source.read_text(path, schema.point_names))
        if is_split_table(table):
            continue
        columns = _Columns(path, table, schema)
        for line, row in table.rows:
            where = f'{source.relative(path)}:{line}'
            yield try_row(
                where, str(row.get(columns.image)), partial(_parse, columns, row, path, where)
            )


class _Columns:
    """Which column holds what.

    Raises:
        UserError: the image's column or a point's columns are missing or ambiguous.
    """

    def __init__(self, path: Path, table: Table, schema: PointSchema) -> None:
        self.names = table.columns
        image = image_column(self.names)
        known_as = name_table(self.names)
        if image is None and known_as:
            raise UserError(f'{path}:1: is {known_as}, which is not read; {WAY_OUT}')
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
        self.size = _size_columns(self.names)
        used = {image, *self.box, *(n for c in points.values() for n in c.values())}
        self.attributes = [name for name in self.names if name and name not in used]


def _size_columns(names: list[str]) -> tuple[str | None, str | None]:
    """Columns of the picture's width and height; ``width`` alone may be the face's."""
    plain = {plain_name(name): name for name in names}
    for word in ('image', 'img', 'original', 'picture', 'frame'):
        for width, height in (('width', 'height'), ('w', 'h')):
            if {word + width, word + height} <= set(plain):
                return plain[word + width], plain[word + height]
    return None, None


def _point_columns(path: Path, names: list[str], schema: PointSchema) -> dict[str, dict[str, str]]:
    """Columns of x, y and v by the label of each of the schema's points."""
    known = {plain_name(name) for name in schema.point_names}
    found = axes_of(
        names, lambda label: plain_name(label) in known or bool(re.fullmatch(r'.*\d', label))
    )
    positions = point_positions(found, schema, _first_number(found))
    missing = next((i for i in range(schema.num_points) if i not in positions.values()), None)
    if missing is not None:
        point, number = schema.point_names[missing], missing + ('x0' not in names)
        known_as = name_table(names)
        if not found and known_as:
            raise UserError(f'{path}:1: is {known_as}, which is not read; {WAY_OUT}')
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
        counted=any(columns.visibility),
        labels=columns.labels,
        rect=xywh_to_xyxy(np.array(box)) if box and np.isfinite(box).all() else None,
        attributes=attributes_of({name: row[name] for name in columns.attributes}),
        size=stated_size(*(row.get(name) for name in columns.size)),
        no_face='' if flags.any() else 'no point is labelled',
    )


def _number(text: str | int) -> float:
    text = str(text)
    return number_or_nothing(text.replace(',', '.') if _DECIMAL_COMMA.fullmatch(text) else text)
