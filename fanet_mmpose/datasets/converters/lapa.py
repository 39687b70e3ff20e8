"""LaPa: 22,168 faces with 106 points, in the official folders ``{train,val,test}``.

Liu et al., "A New Dataset and Boundary-Attention Semantic Segmentation for Face Parsing",
AAAI 2020. ``landmarks/NAME.txt``: the count, then ``x y`` a line; ``images/NAME.jpg`` beside it.
0-based, as MMPose's converter takes it. LaPa also has label maps, which are not converted.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

from fanet_mmpose.datasets.converters.records import (
    FaceRecord,
    Rows,
    all_visible,
    as_points,
    try_row,
)
from fanet_mmpose.datasets.converters.source import Source
from fanet_mmpose.datasets.converters.text import numbered_lines
from fanet_mmpose.errors import UserError
from fanet_mmpose.geometry.schemas import PointSchema

SPLITS = ('train', 'val', 'test')


def read_lapa(source: Source, schema: PointSchema) -> Rows:
    """Faces of every ``{train,val,test}/landmarks/*.txt``.

    Raises:
        UserError: none is there.
    """
    found = False
    for path in source.find('*.txt'):
        split = path.parent.parent.name
        if path.parent.name == 'landmarks' and split in SPLITS:
            found = True
            where = f'{split}/landmarks/{path.name}'
            yield try_row(where, path.stem, partial(_parse, source, schema, path, split, where))
    if not found:
        places = ', '.join(str(path) for path in source.paths)
        raise UserError(f'{places}: no {{train,val,test}}/landmarks/*.txt as in LaPa')


def _parse(source: Source, schema: PointSchema, path: Path, split: str, where: str) -> FaceRecord:
    try:
        (_, count), *rows = numbered_lines(path)
    except UserError as error:
        raise ValueError(str(error).removeprefix(f'{path}: ')) from None
    points = as_points([number for _, row in rows for number in row.split()], schema.num_points)
    if count != str(schema.num_points):
        raise ValueError(f'{path.name}:1 says {count[:20]!r}, not {schema.num_points} points')
    return FaceRecord(
        name=f'{split}/images/{path.stem}.jpg',
        image=source.image(f'{split}/images/{path.stem}.jpg'),
        points=points,
        visibility=all_visible(points),
        split=split,
        where=where,
    )
