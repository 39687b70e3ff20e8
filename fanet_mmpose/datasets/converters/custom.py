"""Anyone's folder: which of the known annotation formats it holds, and the reader for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

from fanet_mmpose.datasets.converters import (
    custom_coco,
    custom_csv,
    custom_cvat,
    custom_datumaro,
    custom_dlib,
    custom_label_studio,
    custom_labelme,
    custom_list,
    custom_supervisely,
    custom_via,
    custom_yolo,
    pts,
)
from fanet_mmpose.datasets.converters.custom_common import load_json, load_xml
from fanet_mmpose.datasets.converters.custom_face import RawRows, Rules, build_faces
from fanet_mmpose.datasets.converters.marks import parse_marks
from fanet_mmpose.datasets.converters.records import Reader, Rows
from fanet_mmpose.datasets.converters.source import Source
from fanet_mmpose.datasets.converters.strange_formats import name_format
from fanet_mmpose.errors import UserError
from fanet_mmpose.geometry.schemas import PointSchema


@dataclass(frozen=True)
class Layout:
    """An annotation format.

    Attributes:
        suffixes: of its files.
        is_mine: whether a file is of this format: given the source, its path, and what it holds
            (parsed JSON, root of XML, None else).
        base: what the first pixel's centre is called: 1 in ``.pts``, 0.5 in tools that put
            the origin at the image's corner, 0 elsewhere. Subtracted from every coordinate.
        read: the reader, given the source and the schema.
    """

    suffixes: tuple[str, ...]
    is_mine: Callable[[Source, Path, Any], bool]
    base: float
    read: Callable[[Source, PointSchema], RawRows]


def _any(source: Source, path: Path, content: Any) -> bool:
    return True


LAYOUTS = {
    'pts': Layout(('.pts',), _any, 1.0, pts.read_pts_folder),
    'cvat': Layout(('.xml',), custom_cvat.is_cvat, 0.5, custom_cvat.read_cvat),
    'dlib': Layout(('.xml',), custom_dlib.is_dlib, 0.0, custom_dlib.read_dlib),
    'coco': Layout(('.json',), custom_coco.is_coco, 0.0, custom_coco.read_coco),
    'labelme': Layout(('.json',), custom_labelme.is_labelme, 0.5, custom_labelme.read_labelme),
    'label_studio': Layout(
        ('.json', '.csv'),
        custom_label_studio.is_label_studio,
        0.5,
        custom_label_studio.read_label_studio,
    ),
    'via': Layout(('.json', '.csv'), custom_via.is_via, 0.5, custom_via.read_via),
    'supervisely': Layout(
        ('.json',), custom_supervisely.is_supervisely, 0.0, custom_supervisely.read_supervisely
    ),
    'datumaro': Layout(('.json',), custom_datumaro.is_datumaro, 0.0, custom_datumaro.read_datumaro),
    'csv': Layout(('.csv', '.tsv', '.txt'), custom_csv.is_table, 0.0, custom_csv.read_csv),
    'list': Layout(('.txt', '.csv', '.lst'), custom_list.is_list, 0.0, custom_list.read_list),
    'yolo': Layout(('.txt',), custom_yolo.is_yolo, 0.0, custom_yolo.read_yolo),
}


_MOST = 500
"""Files that are read to find a second format."""


@dataclass(frozen=True)
class CustomRules:
    """What the user says of a custom set; the defaults: found out.

    Attributes:
        layout: a key of `LAYOUTS`.
        base: overrides `Layout.base`.
        missing: see `marks`.
        categories: names of the objects that are faces.
        first_number: what labels that are numbers count from.
    """

    layout: str | None = None
    base: float | None = None
    missing: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    first_number: int | None = None


def custom_reader(layout: str | None = None, base: float | None = None, **said: Any) -> Reader:
    """The reader of a format; without `layout` the first that fits the files.

    Args:
        layout, base, said: the fields of `CustomRules`.
    """
    return partial(_read, CustomRules(layout, base, **said))


def _read(said: CustomRules, source: Source, schema: PointSchema) -> Rows:
    name = said.layout or detect_layout(source)
    chosen = LAYOUTS[name]
    if name == 'pts' and said.base is None:
        pts.refuse_headerless(source)
    base = chosen.base if said.base is None else said.base
    marks = parse_marks(said.missing)
    rules = Rules(source, schema, base, marks, said.categories, said.first_number)
    rows = chosen.read(source, schema)
    first = next(rows, None)
    if first is None:
        places = ', '.join(map(str, source.paths))
        raise UserError(f'{places}: read as {name}, and no face in it has points; check --source')
    return build_faces(chain([first], rows), rules)


def detect_layout(source: Source) -> str:
    """The first of `LAYOUTS` with a file in the source.

    Raises:
        UserError: none fits, what is there is named where it is known; or another file has points
            in another format, and nobody says which of them are meant.
    """
    contents: dict[Path, Any] = {}
    for name, layout in LAYOUTS.items():
        for path in source.files:
            if path.suffix.lower() not in layout.suffixes:
                continue
            if path not in contents:
                contents[path] = _content(source, path)
            if layout.is_mine(source, path, contents[path]):
                _refuse_second(name, path, source, contents)
                return name
    places = ', '.join(str(path) for path in source.paths)
    known = name_format(source, contents)
    raise UserError(
        f'{places}: {known}'
        if known
        else f'{places}: no annotations in a known format ({", ".join(LAYOUTS)}); see '
        'docs/datasets.md'
    )


def _refuse_second(name: str, first: Path, source: Source, contents: dict[Path, Any]) -> None:
    """Raise `UserError` where a file holds points in another format than `name`.

    Of the files that detection has not read so far, `_MOST` are looked at.
    """
    looked = 0
    for path in source.files:
        formats = [key for key, layout in LAYOUTS.items() if path.suffix.lower() in layout.suffixes]
        if formats in ([], [name]) or looked == _MOST:
            continue
        looked += path not in contents
        other = _other_format(name, formats, source, path, contents)
        if other:
            raise UserError(
                f'{first.name} has points as {name}, and {path.name} as {other}: say which are '
                f'meant with --format {name} or {other}, or take the others out'
            )


def _other_format(
    name: str, formats: list[str], source: Source, path: Path, contents: dict[Path, Any]
) -> str:
    """The format of a file's points, ``''`` where it is `name`, or the file has none."""
    try:
        if path not in contents:
            contents[path] = _content(source, path)
        content = contents[path]
        if name in formats and LAYOUTS[name].is_mine(source, path, content):
            return ''
        for other in formats:
            is_mine = custom_csv.has_points if other == 'csv' else LAYOUTS[other].is_mine
            if other != name and is_mine(source, path, content):
                return other
    except (UserError, ValueError):
        pass  # a file of something else
    return ''


def _content(source: Source, path: Path) -> Any:
    kind = path.suffix.lower()
    if kind == '.json':
        return load_json(source, path)
    return load_xml(source, path) if kind == '.xml' else None
