"""LabelMe: one JSON file per image, ``shapes`` of type ``point`` labelled with the point's name.

Shapes of one face share a ``group_id``; a ``rectangle`` of the group is the face's box; the flag
``occluded`` marks an occluded point. LabelMe's origin is the corner of the first pixel.
"""

from __future__ import annotations

from collections import defaultdict
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np

from fanet_mmpose.datasets.converters.custom_common import (
    NamedPoint,
    load_json,
    place_points,
    split_of,
)
from fanet_mmpose.datasets.converters.records import FaceRecord, Rows, tight_box, try_row
from fanet_mmpose.datasets.converters.source import Source
from fanet_mmpose.errors import UserError
from fanet_mmpose.geometry.schemas import PointSchema


def is_labelme(path: Path) -> bool:
    """Whether a JSON file has LabelMe's fields."""
    return _has_shapes(load_json(path))


def _has_shapes(content: Any) -> bool:
    return isinstance(content, dict) and {'shapes', 'imagePath'} <= set(content)


def read_labelme(source: Source, schema: PointSchema, base: float) -> Rows:
    """Faces of every LabelMe file; folders named train, val or test are the splits."""
    for path in source.find('*.json'):
        content = load_json(path)
        if not _has_shapes(content):
            continue
        image = str(content['imagePath'])
        for group, shapes in _faces(path, content['shapes']).items():
            where = source.relative(path) + ('' if group is None else f':group {group}')
            parse = partial(_parse, source, schema, path, image, shapes)
            yield try_row(where, image, partial(parse, base, where))


def _faces(path: Path, shapes: list[dict[str, Any]]) -> dict[int | None, list[dict[str, Any]]]:
    faces = defaultdict(list)
    try:
        for shape in shapes:
            faces[shape.get('group_id')].append(shape)
    except (AttributeError, TypeError):
        raise UserError(f'{path}: "shapes" is not a list of shapes as LabelMe writes it') from None
    return faces


def _parse(
    source: Source,
    schema: PointSchema,
    path: Path,
    image_path: str,
    shapes: list[dict[str, Any]],
    base: float,
    where: str,
) -> FaceRecord:
    image = _image(source, path, image_path)
    named = [_named(shape) for shape in shapes if shape.get('shape_type') == 'point']
    points, visibility = place_points(named, schema)
    boxes = [shape['points'] for shape in shapes if shape.get('shape_type') == 'rectangle']
    return FaceRecord(
        name=source.relative(image),
        image=image,
        points=np.where(visibility[:, None] > 0, points - base, 0),
        visibility=visibility,
        split=split_of(*source.parts(path)[1:]),
        where=where,
        rect=tight_box(np.array(boxes[0], dtype=np.float64)) - base if boxes else None,
    )


def _named(shape: dict[str, Any]) -> NamedPoint:
    try:
        ((x, y),) = shape['points']
        occluded = bool((shape.get('flags') or {}).get('occluded'))
        return NamedPoint(str(shape['label']), float(x), float(y), occluded)
    except (KeyError, TypeError, ValueError):
        raise ValueError(f'the shape {shape.get("label")!r} is not a point with x and y') from None


def _image(source: Source, path: Path, image_path: str) -> Path:
    # imagePath is relative to wherever it was labelled, often with another machine's slashes.
    name = PurePosixPath(image_path.replace('\\', '/')).name
    beside = path.parent / name
    return beside if beside.is_file() else source.image(name)
