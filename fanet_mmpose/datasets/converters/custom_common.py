"""What the custom formats share: splits from names, points by label, attributes, JSON files."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from fanet_mmpose.datasets.converters.records import OCCLUDED, UNLABELLED, VISIBLE
from fanet_mmpose.datasets.converters.text import read_text
from fanet_mmpose.errors import UserError
from fanet_mmpose.geometry.schemas import PointSchema

_SPLIT_WORDS = {
    'train': 'train', 'training': 'train', 'trainset': 'train',
    'val': 'val', 'valid': 'val', 'validation': 'val', 'valset': 'val',
    'test': 'test', 'testing': 'test', 'testset': 'test',
}  # fmt: skip


class NamedPoint(NamedTuple):
    """A point as annotation tools store it: by the label its author gave it."""

    label: str
    x: float
    y: float
    occluded: bool = False


def split_of(*names: str) -> str:
    """The split that a folder or file name says, such as ``faces_val2017``, or ``''``."""
    for name in names:
        for word in re.findall('[a-z]+', name.lower()):
            if word in _SPLIT_WORDS:
                return _SPLIT_WORDS[word]
    return ''


def place_points(named: Iterable[NamedPoint], schema: PointSchema) -> tuple[np.ndarray, np.ndarray]:
    """[K, 2] points and [K] visibility in the schema's order; absent points are unlabelled.

    A label is a point's name or its 0-based number.

    Raises:
        ValueError: a label is unknown or occurs twice.
    """
    points = np.zeros((schema.num_points, 2))
    visibility = np.full(schema.num_points, UNLABELLED)
    position = {str(i): i for i in range(schema.num_points)}
    position.update({name: i for i, name in enumerate(schema.point_names)})
    for point in named:
        if point.label not in position:
            raise ValueError(f'the point {point.label!r} is not in the schema {schema.name}')
        i = position[point.label]
        if visibility[i] != UNLABELLED:
            raise ValueError(f'the point {point.label!r} is there twice')
        points[i] = point.x, point.y
        visibility[i] = OCCLUDED if point.occluded else VISIBLE
    return points, visibility


def as_flags(values: Iterable[float]) -> np.ndarray:
    """[K] COCO's visibility flags.

    Raises:
        ValueError: one is not 0, 1 or 2.
    """
    values = np.array(list(values), dtype=np.float64)
    if not np.isin(values, (UNLABELLED, OCCLUDED, VISIBLE)).all():
        raise ValueError('a visibility flag is not 0, 1 or 2')
    return values.astype(np.int64)


def attributes_of(fields: Mapping[str, Any]) -> dict[str, int | float | str]:
    """The fields that are plain values; text that is a finite number becomes one."""
    values = {
        name: _number_or_text(value) if isinstance(value, str) else value
        for name, value in fields.items()
        if isinstance(value, (str, int, float)) and value != ''
    }
    return {name: v for name, v in values.items() if isinstance(v, str) or math.isfinite(v)}


def _number_or_text(text: str) -> int | float | str:
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def load_json(path: Path) -> Any:
    """Parsed JSON.

    Raises:
        UserError: it is not JSON; the message has the line.
    """
    try:
        return json.loads(read_text(path))
    except json.JSONDecodeError as error:
        raise UserError(
            f'{path}:{error.lineno}: not JSON, or cut off ({error.msg}); export it again'
        ) from None
