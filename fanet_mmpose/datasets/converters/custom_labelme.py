"""LabelMe: one JSON file per image, ``shapes`` of type ``point`` labelled with the point's name.

Shapes of one face share a ``group_id``; a ``rectangle`` of the group is the face's box; the flag
``occluded`` marks an occluded point. LabelMe's origin is the corner of the first pixel.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from fanet_mmpose.datasets.converters.custom_common import (
    attributes_of,
    load_json,
    says_hidden,
    stated_size,
)
from fanet_mmpose.datasets.converters.custom_face import RawFace, RawRows
from fanet_mmpose.datasets.converters.records import OCCLUDED, VISIBLE, try_row
from fanet_mmpose.datasets.converters.source import Source
from fanet_mmpose.errors import UserError
from fanet_mmpose.geometry.boxes import tight_box
from fanet_mmpose.geometry.schemas import PointSchema
from fanet_mmpose.picture_lookup import loose, read_name

_OWN_FIELDS = {'version', 'imagePath', 'imageData', 'imageHeight', 'imageWidth'}


def is_labelme(source: Source, path: Path, content: Any) -> bool:
    """Whether parsed JSON has LabelMe's fields."""
    return isinstance(content, dict) and {'shapes', 'imagePath'} <= set(content)


def read_labelme(source: Source, schema: PointSchema) -> RawRows:
    """Faces of every LabelMe file."""
    for path in source.find('*.json'):
        content = load_json(source, path)
        if not is_labelme(source, path, content):
            continue
        image = str(content['imagePath'])
        for group, shapes in _faces(path, content['shapes']).items():
            where = source.relative(path) + ('' if group is None else f':group {group}')
            about = {**content, **(content.get('flags') or {})}
            yield try_row(where, image, partial(_parse, source, path, shapes, where, about))


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
    path: Path,
    shapes: list[dict[str, Any]],
    where: str,
    about: Mapping[str, Any],
) -> RawFace:
    points = [shape for shape in shapes if shape.get('shape_type') == 'point']
    boxes = [shape['points'] for shape in shapes if shape.get('shape_type') == 'rectangle']
    flags = [OCCLUDED if says_hidden(shape.get('flags') or {}) else VISIBLE for shape in points]
    return RawFace(
        path=path,
        where=where,
        image=_image(source, path, about),
        xy=np.array([_xy(shape) for shape in points]).reshape(-1, 2),
        flags=np.array(flags, dtype=np.int64),
        labels=tuple(str(shape['label']) for shape in points),
        rect=tight_box(np.array(boxes[0], dtype=np.float64)) if boxes else None,
        of_one_picture=True,
        no_face='' if points or boxes else 'it has no shape of type point',
        fields={k: v for k, v in attributes_of(about).items() if k not in _OWN_FIELDS},
        size=stated_size(about.get('imageWidth'), about.get('imageHeight')),
    )


def _xy(shape: dict[str, Any]) -> tuple[float, float]:
    try:
        ((x, y),) = shape['points']
        return float(x), float(y)
    except (KeyError, TypeError, ValueError):
        raise ValueError(f'the shape {shape.get("label")!r} is not a point with x and y') from None


def _image(source: Source, path: Path, content: Mapping[str, Any]) -> str:
    """Name of the picture, ``''`` for that of the file's own stem.

    ``imagePath`` is relative to wherever was labelled: a picture of its name beside the file is
    meant. LabelMe calls file and picture alike, so that a name that means another picture than the
    one beside the file is a trace of a renaming.

    Raises:
        ValueError: both pictures are there, or none but that in ``imageData``.
    """
    stated = str(content['imagePath'] or '')
    last = (read_name(stated).parts or ('',))[-1]
    own = [p for p in source.lookup.beside(path) if loose(p.name) != loose(last)]
    if last and (path.parent / last).is_file():
        found: Path | None = path.parent / last
    else:
        try:
            found = source.image(stated, path) if last else None
        except ValueError:
            if not own and content.get('imageData'):
                raise ValueError(
                    f'the picture {last!r} is in its imageData alone; save the pictures as files '
                    'beside it (labelme_export_json does)'
                ) from None
            found = None if own else path.parent / last
    if found is not None and own and loose(found.stem) != loose(path.stem):
        raise ValueError(
            f'its imagePath is {last!r}, but {own[0].name!r} lies beside it: two pictures may be '
            'meant; correct imagePath'
        )
    if found is None:
        return ''
    return last if found == path.parent / last else stated
