"""Datumaro's JSON: ``items`` with ``points``, or with a ``skeleton`` of single points.

The points of an annotation stand in the order that ``categories`` gives its label; single points
are called by their labels, and those of one ``group`` are a face; a ``bbox`` of the group is its
box. A file holds one subset and is called so (``train.json``). The numbers are those of the tool
that made them: Datumaro adds nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from fanet_mmpose.datasets.converters.custom_common import (
    as_flags,
    attributes_of,
    load_json,
    stated_size,
)
from fanet_mmpose.datasets.converters.custom_face import RawFace, RawRows
from fanet_mmpose.datasets.converters.point_names import carry_names
from fanet_mmpose.datasets.converters.records import OCCLUDED, VISIBLE, try_row
from fanet_mmpose.datasets.converters.source import Source
from fanet_mmpose.geometry.boxes import xywh_to_xyxy
from fanet_mmpose.geometry.schemas import PointSchema

Entry = Mapping[str, Any]


def is_datumaro(source: Source, path: Path, content: Any) -> bool:
    """Whether parsed JSON has Datumaro's items."""
    return isinstance(content, dict) and {'items', 'categories'} <= set(content)


def read_datumaro(source: Source, schema: PointSchema) -> RawRows:
    """Faces of every subset."""
    for path in source.find('*.json'):
        content = load_json(source, path)
        if is_datumaro(source, path, content):
            names = _Names(content['categories'], schema)
            for item in content['items']:
                where = f'{source.relative(path)}:{item["id"]}'
                for face, parts in enumerate(_faces(item, schema.num_points), start=1):
                    parse = partial(_parse, path, f'{where}, face {face}', item, parts, names)
                    yield try_row(f'{where}, face {face}', str(item['id']), parse)


class _Names:
    """Names of the labels, and of the points of each label where they are named."""

    def __init__(self, categories: Entry, schema: PointSchema) -> None:
        self.labels = [str(e['name']) for e in (categories.get('label') or {}).get('labels', ())]
        sets = (categories.get('points') or {}).get('items', ())
        self.points = {
            e['label_id']: tuple(map(str, e.get('labels') or ()))
            for e in sets
            if carry_names(map(str, e.get('labels') or ()), schema)
        }

    def of(self, entry: Entry) -> str:
        """Name of an annotation's label, ``''`` for none."""
        number = entry.get('label_id')
        return self.labels[number] if number is not None else ''


def _faces(item: Entry, count: int) -> Iterator[list[Entry]]:
    """A skeleton's points, one annotation of several points, or single points of one group."""
    single: dict[Any, list[Entry]] = defaultdict(list)
    for entry in item.get('annotations') or ():
        if entry.get('type') == 'skeleton':
            yield [{**point, 'face': entry} for point in entry['elements']]
        elif entry.get('type') == 'points' and (count == 1 or len(entry['points']) > 2):
            yield [entry]
        elif entry.get('type') == 'points':
            single[entry.get('group')].append(entry)
    yield from single.values()


def _parse(path: Path, where: str, item: Entry, parts: list[Entry], names: _Names) -> RawFace:
    whole = len(parts) == 1 and 'face' not in parts[0] and len(parts[0]['points']) > 2
    xy = np.array([v for part in parts for v in part['points']], dtype=np.float64).reshape(-1, 2)
    face = parts[0].get('face', parts[0])
    picture = item.get('image') or item.get('media') or {}
    height, width = picture.get('size') or (None, None)
    return RawFace(
        path=path,
        where=where,
        image=str(picture.get('path') or item['id']),
        xy=xy,
        flags=as_flags(flag for part in parts for flag in _flags(part)),
        labels=names.points.get(face.get('label_id')) if whole else tuple(map(names.of, parts)),
        rect=_rect(item, face.get('group')),
        category=names.of(face) if whole or 'face' in parts[0] else '',
        fields=attributes_of({**(item.get('attr') or {}), **(face.get('attributes') or {})}),
        size=stated_size(width, height),
    )


def _rect(item: Entry, group: Any) -> np.ndarray | None:
    """The box of a group; group 0 is none."""
    boxes = [e for e in item['annotations'] if e.get('type') == 'bbox' and e.get('group') == group]
    return xywh_to_xyxy(np.array(boxes[0]['bbox'], np.float64)) if group and boxes else None


def _flags(part: Entry) -> list[int]:
    """COCO's flags of an annotation's points; CVAT says of a whole shape that it is occluded."""
    flags = part.get('visibility') or [VISIBLE] * (len(part['points']) // 2)
    hidden = (part.get('attributes') or {}).get('occluded') is True
    return [min(flag, OCCLUDED) for flag in flags] if hidden else flags
