"""A table with one face a line.

Columns: the image (``image``, ``file_name``, ``filename``, ``file`` or ``path``); the points as
``x0,y0,x1,y1,...`` (or from 1) or ``<point>_x,<point>_y``; optionally visibility ``v0,...`` or
``<point>_v`` (COCO's 0, 1, 2), ``split``, ``bbox_x,bbox_y,bbox_w,bbox_h``. Every other column
becomes an attribute. An empty cell is an unlabelled point.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from functools import partial
from pathlib import Path

import numpy as np

from fanet_mmpose.datasets.converters.custom_common import as_flags, attributes_of, split_of
from fanet_mmpose.datasets.converters.records import (
    UNLABELLED,
    VISIBLE,
    FaceRecord,
    Rows,
    try_row,
    xywh_to_xyxy,
)
from fanet_mmpose.datasets.converters.source import Source
from fanet_mmpose.datasets.converters.text import read_text
from fanet_mmpose.errors import UserError
from fanet_mmpose.geometry.schemas import PointSchema

_IMAGE_COLUMNS = ('image', 'file_name', 'filename', 'file', 'path')
_BOX_COLUMNS = ('bbox_x', 'bbox_y', 'bbox_w', 'bbox_h')


def read_csv(source: Source, schema: PointSchema, base: float) -> Rows:
    """Faces of every CSV file; a file named after a split is that split."""
    for path in source.find('*.csv'):
        text = read_text(path)
        header = text.splitlines()[0]
        delimiter = max(',;\t', key=header.count)
        table = csv.DictReader(io.StringIO(text), delimiter=delimiter, skipinitialspace=True)
        columns = _Columns(path, [name.strip() for name in table.fieldnames or ()], schema)
        table.fieldnames = list(columns.names)
        for row in table:
            where = f'{source.relative(path)}:{table.line_num}'
            parse = partial(_parse, source, columns, row, base, path, where)
            yield try_row(where, str(row.get(columns.image)), parse)


class _Columns:
    """Which column holds what.

    Raises:
        UserError: the image's column or a point's columns are missing.
    """

    def __init__(self, path: Path, names: list[str], schema: PointSchema) -> None:
        self.names = names
        image = next((name for name in _IMAGE_COLUMNS if name in names), None)
        if image is None:
            raise UserError(f'{path}:1: no column named {" or ".join(_IMAGE_COLUMNS)}')
        self.image = image
        first = 0 if 'x0' in names else 1
        self.xy = [self._pair(path, i + first, point) for i, point in enumerate(schema.point_names)]
        self.visibility = [
            f'v{i + first}' if f'v{i + first}' in names else f'{point}_v'
            for i, point in enumerate(schema.point_names)
        ]
        self.box = _BOX_COLUMNS if set(_BOX_COLUMNS) <= set(names) else ()
        used = {image, 'split', *self.visibility, *self.box, *(c for xy in self.xy for c in xy)}
        self.attributes = [name for name in names if name not in used]

    def _pair(self, path: Path, number: int, point: str) -> tuple[str, str]:
        for pair in ((f'x{number}', f'y{number}'), (f'{point}_x', f'{point}_y')):
            if set(pair) <= set(self.names):
                return pair
        raise UserError(f'{path}:1: no columns x{number},y{number} or {point}_x,{point}_y')


def _parse(
    source: Source, columns: _Columns, row: Mapping, base: float, path: Path, where: str
) -> FaceRecord:
    if None in row or None in row.values():
        raise ValueError(f'the line does not have {len(columns.names)} fields')
    cells = np.array([[row[x].strip(), row[y].strip()] for x, y in columns.xy], dtype=object)
    labelled = (cells != '').all(axis=1)
    points = np.zeros(cells.shape)
    points[labelled] = cells[labelled].astype(np.float64) - base
    flags = as_flags(float(row.get(name) or VISIBLE) for name in columns.visibility)
    box = [float(row[name]) for name in columns.box]
    name = row[columns.image].strip().replace('\\', '/')
    return FaceRecord(
        name=name,
        image=source.image(name),
        points=points,
        visibility=np.where(labelled, flags, UNLABELLED),
        split=split_of(row.get('split') or path.stem),
        where=where,
        rect=xywh_to_xyxy(np.array(box) - [base, base, 0, 0]) if box else None,
        attributes=attributes_of({name: row[name] for name in columns.attributes}),
    )
