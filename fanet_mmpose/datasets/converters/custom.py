"""Anyone's folder: which of the known annotation formats it holds, and the reader for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from fanet_mmpose.datasets.converters import (
    custom_coco,
    custom_csv,
    custom_cvat,
    custom_labelme,
    custom_pts,
)
from fanet_mmpose.datasets.converters.records import Reader, Rows
from fanet_mmpose.datasets.converters.source import Source
from fanet_mmpose.errors import UserError
from fanet_mmpose.geometry.schemas import PointSchema


@dataclass(frozen=True)
class Layout:
    """An annotation format.

    Attributes:
        pattern: names of its files.
        is_mine: whether a file of that name is of this format, by its content.
        base: what the first pixel's centre is called: 1 in ``.pts``, 0.5 in tools that put
            the origin at the image's corner, 0 elsewhere. Subtracted from every coordinate.
        read: the reader, given the source, the schema and the base.
    """

    pattern: str
    is_mine: Callable[..., bool]
    base: float
    read: Callable[[Source, PointSchema, float], Rows]


LAYOUTS = {
    'pts': Layout('*.pts', lambda path: True, 1.0, custom_pts.read_pts_folder),
    'cvat': Layout('*.xml', custom_cvat.is_cvat, 0.5, custom_cvat.read_cvat),
    'coco': Layout('*.json', custom_coco.is_coco, 0.0, custom_coco.read_coco),
    'labelme': Layout('*.json', custom_labelme.is_labelme, 0.5, custom_labelme.read_labelme),
    'csv': Layout('*.csv', lambda path: True, 0.0, custom_csv.read_csv),
}


def custom_reader(layout: str | None = None, base: float | None = None) -> Reader:
    """The reader of a format; without `layout` the first that fits the files.

    Args:
        layout: a key of `LAYOUTS`.
        base: overrides `Layout.base`.
    """
    return partial(_read, layout, base)


def _read(layout: str | None, base: float | None, source: Source, schema: PointSchema) -> Rows:
    chosen = LAYOUTS[layout or detect_layout(source)]
    return chosen.read(source, schema, chosen.base if base is None else base)


def detect_layout(source: Source) -> str:
    """The first of `LAYOUTS` with a file in the source.

    Raises:
        UserError: none fits.
    """
    for name, layout in LAYOUTS.items():
        if any(layout.is_mine(path) for path in source.find(layout.pattern)):
            return name
    places = ', '.join(str(path) for path in source.paths)
    raise UserError(
        f'{places}: no annotations in a known format ({", ".join(LAYOUTS)}); see docs/datasets.md'
    )
