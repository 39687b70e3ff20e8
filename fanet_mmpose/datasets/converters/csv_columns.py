"""Which column of a table holds what: the picture, the points and their flags, a box, the size."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from fanet_mmpose.datasets.converters.point_names import plain_name, point_positions
from fanet_mmpose.datasets.converters.source import Source
from fanet_mmpose.datasets.converters.strange_formats import WAY_OUT, name_table
from fanet_mmpose.datasets.converters.tables import IMAGE_COLUMNS, Table, axes_of, image_column
from fanet_mmpose.errors import UserError
from fanet_mmpose.geometry.schemas import PointSchema
from fanet_mmpose.picture_lookup import PictureLookup

_BOX_COLUMNS = ('bbox_x', 'bbox_y', 'bbox_w', 'bbox_h')
_FOLDERS = ('folder', 'dir', 'directory', 'subfolder', 'subdir', 'path')
_LOOKED_AT = 50
"""Rows in which two columns of pictures are compared."""


class FlagColumn(NamedTuple):
    """A column that says whether a point is visible.

    Attributes:
        name: of the column.
        kind: ``v``: COCO's flags; ``visible`` or ``occluded``: yes or no.
    """

    name: str
    kind: str


class Columns:
    """Which column holds what.

    Args:
        source: has the pictures.
        path: of the table, for messages.
        table, schema: what is read.

    Raises:
        UserError: the image's column or a point's columns are missing or ambiguous.
    """

    def __init__(self, source: Source, path: Path, table: Table, schema: PointSchema) -> None:
        self.names = table.columns
        image = image_column(self.names)
        known_as = name_table(self.names)
        if image is None and known_as:
            raise UserError(f'{path}:1: is {known_as}, which is not read; {WAY_OUT}')
        if image is None:
            raise UserError(f'{path}:1: no column named {" or ".join(IMAGE_COLUMNS[:5])}')
        self.image = image
        _refuse_pixels(path, table, image)
        counts = Counter(self.names)  # a table may have many thousands
        repeated = next((n for n in self.names if n and counts[n] > 1), None)
        if repeated is not None:
            raise UserError(
                f'{path}:1: two columns are called {repeated!r}; give each its own name'
            )
        points = _point_columns(path, [n for n in self.names if n != image], schema)
        self.labels = tuple(points)
        self.xy = [(columns['x'], columns['y']) for columns in points.values()]
        self.flags = _flag_columns(points.values(), table)
        self.box = _BOX_COLUMNS if set(_BOX_COLUMNS) <= set(self.names) else ()
        self.size = _size_columns(self.names)
        used = {image, *self.box, *(n for c in points.values() for n in c.values())}
        lookup = PictureLookup(source.lookup.files, source.lookup.roots)  # for trials
        self.folder = _folder_column(path, table, image, lookup)
        _refuse_second_picture(path, table, image, lookup)
        self.attributes = [name for name in self.names if name and name not in used]


def _refuse_pixels(path: Path, table: Table, image: str) -> None:
    cell = (table.rows[0][1].get(image) or '') if table.rows else ''
    if re.fullmatch(r'(?:\d{1,3}\s+){64,}\d{1,3}\s*', cell):
        raise UserError(
            f"{path}:1: the column {image!r} holds pixels, as Kaggle's table does: write each "
            'picture to a PNG file, and the names of the files into this column'
        )


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


def _flag_columns(points: Iterable[Mapping[str, str]], table: Table) -> list[FlagColumn | None]:
    """The column of each point's flag; ``visible`` is COCO's where a 2 occurs in the table."""
    kinds = ('v', 'visible', 'occluded')
    found = [next((FlagColumn(c[k], k) for k in kinds if k in c), None) for c in points]
    names = [column.name for column in found if column and column.kind == 'visible']
    if any(str(row.get(n)).strip() in ('2', '2.0') for _, row in table.rows for n in names):
        return [column and FlagColumn(column.name, 'v') for column in found]
    return found


def _folder_column(path: Path, table: Table, image: str, lookup: PictureLookup) -> str | None:
    """The column of the folder that the picture's name stands in, None for none.

    It is one only where names with it are found; ``folder`` may say where pictures were once.
    """
    names = [n for n in table.columns if plain_name(n) in _FOLDERS and n != image]
    for name in names:
        for _, row in table.rows:
            try:
                lookup.find(f'{row[name].strip()}/{row[image].strip()}', path)
            except (ValueError, KeyError):
                continue
            return name
    return None


def _refuse_second_picture(path: Path, table: Table, image: str, lookup: PictureLookup) -> None:
    """Raise `UserError` where another usual column names another picture that is there."""
    usual = {plain_name(name) for name in IMAGE_COLUMNS}
    others = [n for n in table.columns if plain_name(n) in usual and n != image]
    for name in others:
        for line, row in table.rows[:_LOOKED_AT]:
            try:
                first, second = (lookup.find(row[n].strip(), path) for n in (image, name))
            except (ValueError, KeyError):
                continue
            if first != second:
                raise UserError(
                    f'{path}:{line}: the columns {image!r} and {name!r} name two pictures, '
                    f'{row[image].strip()} and {row[name].strip()}; keep the column of the points'
                )
