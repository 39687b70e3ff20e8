"""YOLO pose labels of Ultralytics and Roboflow: a ``.txt`` of each picture, a line for each face.

``class cx cy w h x1 y1 [v1] x2 y2 [v2] ...`` in shares of the picture's size. Pictures lie beside
their labels, or in ``images/`` where these are in ``labels/``. ``data.yaml``, where it is there,
has the names of the classes (``names``) and of the points (``kpt_names``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from fanet_mmpose.datasets.converters.custom_common import as_flags, is_blank_label, load_yaml
from fanet_mmpose.datasets.converters.custom_face import RawFace, RawRows
from fanet_mmpose.datasets.converters.point_names import carry_names
from fanet_mmpose.datasets.converters.records import all_visible, try_row
from fanet_mmpose.datasets.converters.source import Source
from fanet_mmpose.errors import UserError
from fanet_mmpose.geometry.schemas import PointSchema

_NUMBERS_ONLY = re.compile(r'[\d\s.eE+-]+')
_BEFORE_POINTS = 5  # class and box


class Names(NamedTuple):
    """What ``data.yaml`` calls the classes, and the points of each, by number."""

    classes: Mapping[str, str]
    points: Mapping[str, tuple[str, ...]]


def lines_of(source: Source, path: Path) -> list[str]:
    """Lines of a label file; none for an empty one, whose picture has no face."""
    return [] if is_blank_label(path) else source.read_text(path).splitlines()


def is_yolo(source: Source, path: Path, content: Any) -> bool:
    """Whether the first lines are a class and enough shares for a box and two points."""
    lines = lines_of(source, path)[:3]
    rows = [line.split() for line in lines if _NUMBERS_ONLY.fullmatch(line)]
    return bool(rows) and all(
        len(row) >= _BEFORE_POINTS + 3
        and row[0].isdecimal()
        and all(-1 <= float(value) <= 2 for value in row[1:])
        for row in rows
    )


def read_yolo(source: Source, schema: PointSchema) -> RawRows:
    """Faces of every label file.

    Raises:
        UserError: ``data.yaml`` is malformed.
    """
    names = _names(source, schema)
    for path in source.find('*.txt'):
        if 'labels' not in source.parts(path) and not is_yolo(source, path, None):
            continue
        for number, line in enumerate(lines_of(source, path), start=1):
            if line.strip():
                where = f'{source.relative(path)}:{number}'
                yield try_row(where, path.stem, partial(_parse, path, where, line, schema, names))


def _names(source: Source, schema: PointSchema) -> Names:
    classes: dict[str, str] = {}
    points: dict[str, tuple[str, ...]] = {}
    for path in (*source.find('*.yaml'), *source.find('*.yml')):
        content = _description(source, path)
        try:
            classes |= _by_number(content.get('names') or {})
            points |= {
                key: tuple(map(str, value))
                for key, value in _by_number(content.get('kpt_names') or {}).items()
                if carry_names(tuple(map(str, value)), schema)
            }
        except (AttributeError, TypeError):
            raise UserError(f'{path}: its names or kpt_names are not as YOLO has them') from None
        if not points:
            _check_order(path, content.get('flip_idx'), schema)
    return Names(classes, points)


def _description(source: Source, path: Path) -> Mapping[str, Any]:
    """A data set's description in YAML; empty where the file is of something else."""
    content = load_yaml(source, path)
    if isinstance(content, dict):
        return content if {'names', 'kpt_shape', 'kpt_names'} & set(content) else {}
    if path.stem.lower() in ('data', 'dataset'):
        raise UserError(f'{path}: its names or kpt_names are not as YOLO has them')
    return {}


def _check_order(path: Path, stated: Any, schema: PointSchema) -> None:
    """Raise `UserError` where ``flip_idx`` pairs other points than the schema.

    A list of all numbers in their order, which exports have by default, says nothing.
    """
    if not isinstance(stated, list) or stated == list(range(len(stated))):
        return
    ours = schema.flip_indices.tolist()
    if len(stated) != len(ours) or stated == ours or not schema.flip_pairs:
        return
    i = next(i for i, pair in enumerate(zip(stated, ours, strict=True)) if len(set(pair)) > 1)
    raise UserError(
        f'{path}: flip_idx pairs the points {i} and {stated[i]}, and the schema {schema.name} '
        f'pairs {i} and {ours[i]}, so that the points are in another order: name them '
        'in kpt_names, or take a schema in their order'
    )


def _by_number(values: Any) -> dict[str, Any]:
    pairs = values.items() if isinstance(values, Mapping) else enumerate(values)
    return {str(key): value for key, value in pairs}


def _parse(path: Path, where: str, line: str, schema: PointSchema, names: Names) -> RawFace:
    kind, *texts = line.split()
    numbers = np.array(texts, dtype=np.float64)
    box, rest = numbers[: _BEFORE_POINTS - 1], numbers[_BEFORE_POINTS - 1 :]
    count = schema.num_points
    if len(rest) not in (2 * count, 3 * count):
        raise ValueError(
            f'{len(numbers)} numbers after the class where {4 + 2 * count} or {4 + 3 * count} are '
            f'expected (a box, and x, y or x, y, flag of {count} points)'
        )
    points = rest.reshape(count, -1)
    flags = as_flags(points[:, 2]) if points.shape[1] == 3 else all_visible(points)
    return RawFace(
        path=path,
        where=where,
        image='',
        xy=points[:, :2],
        flags=flags,
        counted=points.shape[1] == 3,
        labels=names.points.get(kind),
        rect=np.concatenate([box[:2] - box[2:] / 2, box[:2] + box[2:] / 2]),
        category=str(names.classes.get(kind, kind)),
        of_one_picture=True,
        no_face='' if flags.any() else 'none of its points is labelled',
        shares=True,
    )
