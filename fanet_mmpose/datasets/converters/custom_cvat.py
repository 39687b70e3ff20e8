"""CVAT for images 1.1: a ``skeleton`` per face, or one ``points`` shape with all K points.

``group_id`` joins a ``box`` to its face. CVAT's origin is the corner of the first pixel. The
``subset`` of an image, where the export has it, is its split.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from xml.etree import ElementTree

import numpy as np

from fanet_mmpose.datasets.converters.custom_common import NamedPoint, place_points, split_of
from fanet_mmpose.datasets.converters.records import FaceRecord, Rows, as_points, try_row
from fanet_mmpose.datasets.converters.source import Source
from fanet_mmpose.errors import UserError
from fanet_mmpose.geometry.schemas import PointSchema


def is_cvat(path: Path) -> bool:
    """Whether an XML file's root is CVAT's."""
    return _root(path).tag == 'annotations'


def read_cvat(source: Source, schema: PointSchema, base: float) -> Rows:
    """Faces of every CVAT file."""
    for path in filter(is_cvat, source.find('*.xml')):
        for image in _root(path).iter('image'):
            name = image.get('name', '')
            for i, face in enumerate(_faces(image)):
                where = f'{source.relative(path)}:image {image.get("id")}, face {i + 1}'
                parse = partial(_parse, source, schema, image, face, base, where)
                yield try_row(where, name, parse)


def _root(path: Path) -> ElementTree.Element:
    try:
        return ElementTree.parse(path).getroot()
    except (ElementTree.ParseError, OSError) as error:
        line = getattr(error, 'position', (0,))[0]
        raise UserError(f'{path}:{line}: not XML, or cut off ({error}); export it again') from None


def _faces(image: ElementTree.Element) -> Iterator[ElementTree.Element]:
    yield from image.findall('skeleton')
    yield from image.findall('points')


def _parse(
    source: Source,
    schema: PointSchema,
    image: ElementTree.Element,
    face: ElementTree.Element,
    base: float,
    where: str,
) -> FaceRecord:
    points, visibility = place_points(_named(face, schema), schema)
    name = image.get('name', '')
    return FaceRecord(
        name=name,
        image=source.image(name),
        points=np.where(visibility[:, None] > 0, points - base, 0),
        visibility=visibility,
        split=split_of(image.get('subset', ''), name),
        where=where,
        rect=_rect(image, face, base),
    )


def _named(face: ElementTree.Element, schema: PointSchema) -> Iterator[NamedPoint]:
    if face.tag == 'points':
        numbers = face.get('points', '').replace(';', ',').split(',')
        for i, (x, y) in enumerate(as_points(numbers, schema.num_points)):
            yield NamedPoint(str(i), x, y, face.get('occluded') == '1')
        return
    for point in face.findall('points'):
        if point.get('outside') != '1':
            ((x, y),) = as_points(point.get('points', '').split(','), 1)
            yield NamedPoint(point.get('label', ''), x, y, point.get('occluded') == '1')


def _rect(image: ElementTree.Element, face: ElementTree.Element, base: float) -> np.ndarray | None:
    group = face.get('group_id')
    for box in image.findall('box'):
        if group is not None and box.get('group_id') == group:
            corners = [box.get(side, 'nan') for side in ('xtl', 'ytl', 'xbr', 'ybr')]
            return np.array(corners, dtype=np.float64) - base
    return None
