"""WFLW: 10,000 faces, 98 points, a rectangle and six attributes.

Wu et al., "Look at Boundary: A Boundary-Aware Face Alignment Algorithm", CVPR 2018. The lists
``list_98pt_rect_attr_{train,test}.txt`` have one face a line: 196 coordinates, 4 of the
rectangle (two corners), six flags, the image's name (which may hold spaces). 0-based.
"""

from __future__ import annotations

from functools import partial

import numpy as np

from fanet_mmpose.datasets.converters.records import (
    FaceRecord,
    Rows,
    all_visible,
    as_points,
    try_row,
)
from fanet_mmpose.datasets.converters.source import Source
from fanet_mmpose.datasets.converters.text import numbered_lines
from fanet_mmpose.geometry.schemas import PointSchema

ATTRIBUTES = ('pose', 'expression', 'illumination', 'makeup', 'occlusion', 'blur')
_RECT = 4


def read_wflw(source: Source, schema: PointSchema) -> Rows:
    """Faces of both official lists.

    Raises:
        UserError: a list is missing or is not text.
    """
    for split in ('train', 'test'):
        path = source.find_one(f'list_98pt_rect_attr_{split}.txt')
        for where, line in numbered_lines(path):
            fields = line.split(maxsplit=_numbers(schema))
            parse = partial(_parse, source, schema, fields, split, where)
            yield try_row(where, fields[-1], parse)


def _numbers(schema: PointSchema) -> int:
    return 2 * schema.num_points + _RECT + len(ATTRIBUTES)


def _parse(
    source: Source, schema: PointSchema, fields: list[str], split: str, where: str
) -> FaceRecord:
    count = _numbers(schema)
    if len(fields) != count + 1:
        raise ValueError(f'{len(fields)} fields where {count} numbers and a name are expected')
    name = fields[-1].replace('\\', '/')
    numbers = np.array(fields[:-1], dtype=np.float64)
    points, rect, flags = np.split(numbers, [2 * schema.num_points, count - len(ATTRIBUTES)])
    if not set(flags) <= {0, 1}:
        raise ValueError('the six attributes are not 0 or 1; are there more than 98 points?')
    return FaceRecord(
        name=name,
        image=source.image(name),
        points=as_points(points, schema.num_points),
        visibility=all_visible(points[::2]),
        split=split,
        where=where,
        rect=rect,
        attributes=dict(zip(ATTRIBUTES, (int(flag) for flag in flags), strict=True)),
    )
