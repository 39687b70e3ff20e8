"""VGG Image Annotator 2: its project, JSON or CSV export, with regions of shape ``point``.

The attribute of a region whose values are the schema's names, or numbers, is the point's name;
one called ``face``, ``face_id``, ``group`` or ``group_id`` keeps faces apart. A ``rect`` of the
face is its box. VIA's origin is the corner of the first pixel.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from fanet_mmpose.datasets.converters.custom_common import attributes_of, load_json, says_hidden
from fanet_mmpose.datasets.converters.custom_face import RawFace, RawRows
from fanet_mmpose.datasets.converters.json_cells import is_via_table, via_entries
from fanet_mmpose.datasets.converters.point_names import plain_name
from fanet_mmpose.datasets.converters.records import OCCLUDED, VISIBLE, try_row
from fanet_mmpose.datasets.converters.source import Source
from fanet_mmpose.errors import UserError
from fanet_mmpose.geometry.boxes import xywh_to_xyxy
from fanet_mmpose.geometry.schemas import PointSchema

_FACE_FIELDS = ('face', 'face_id', 'group', 'group_id', 'id')


def is_via(source: Source, path: Path, content: Any) -> bool:
    """Whether parsed JSON, or a table, is VIA 2's."""
    if path.suffix.lower() == '.csv':
        return is_via_table(source, path)
    return any(isinstance(entry, dict) and 'regions' in entry for entry in _entries(content))


def _entries(content: Any) -> list[Any]:
    if not isinstance(content, dict):
        return []
    entries = content.get('_via_img_metadata', content)
    entries = list(entries.values()) if isinstance(entries, dict) else []
    return [e for e in entries if isinstance(e, dict) and 'filename' in e]


def read_via(source: Source, schema: PointSchema) -> RawRows:
    """Faces of every VIA file.

    Raises:
        UserError: no attribute of the points names them.
    """
    for path in (*source.find('*.json'), *source.find('*.csv')):
        content = load_json(source, path) if path.suffix.lower() == '.json' else None
        if not is_via(source, path, content):
            continue
        entries = _entries(content) if content is not None else via_entries(source, path)
        name = _name_field(path, entries, schema)
        for entry in entries:
            image = str(entry['filename'])
            for face, regions in _faces(entry).items():
                where = f'{source.relative(path)}:{image}' + (f', face {face}' if face else '')
                yield try_row(where, image, partial(_parse, path, where, entry, regions, name))


def _regions(entry: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    regions = entry.get('regions') or []
    yield from regions.values() if isinstance(regions, dict) else regions


def _is_point(region: Mapping[str, Any]) -> bool:
    return region.get('shape_attributes', {}).get('name') == 'point'


def _name_field(path: Path, entries: list[Any], schema: PointSchema) -> str:
    """The attribute whose values are most often a point's name or number."""
    known = {plain_name(name) for name in schema.point_names}
    counts: dict[str, int] = defaultdict(int)
    for region in (r for entry in entries for r in _regions(entry) if _is_point(r)):
        for field, value in (region.get('region_attributes') or {}).items():
            is_name = plain_name(str(value)) in known or str(value).strip().isdecimal()
            counts[field] += is_name and field.lower() not in _FACE_FIELDS
    best = max(counts, key=counts.__getitem__, default='')
    if not best or not counts[best]:
        raise UserError(
            f'{path}: no attribute of its points is a name of the schema {schema.name}; name each '
            'point in a region attribute'
        )
    return best


def _faces(entry: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    faces: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for region in _regions(entry):
        attributes = region.get('region_attributes') or {}
        by_name = {name.lower(): value for name, value in attributes.items()}
        face = next((str(by_name[n]) for n in _FACE_FIELDS if by_name.get(n) not in (None, '')), '')
        faces[face].append(region)
    return faces


def _flag(region: Mapping[str, Any]) -> int:
    """A checkbox is stored as what is ticked, ``{"state": {"occluded": true}}``."""
    said = region.get('region_attributes') or {}
    ticked = [value for value in said.values() if isinstance(value, dict)]
    return OCCLUDED if any(map(says_hidden, (said, *ticked))) else VISIBLE


def _parse(
    path: Path, where: str, entry: dict[str, Any], regions: list[dict[str, Any]], name: str
) -> RawFace:
    points = [region for region in regions if _is_point(region)]
    shapes = [region['shape_attributes'] for region in points]
    boxes = [r['shape_attributes'] for r in regions if r['shape_attributes'].get('name') == 'rect']
    xy = np.array([[shape['cx'], shape['cy']] for shape in shapes], dtype=np.float64)
    rect = [boxes[0][side] for side in ('x', 'y', 'width', 'height')] if boxes else None
    return RawFace(
        path=path,
        where=where,
        image=str(entry['filename']),
        xy=xy.reshape(-1, 2),
        flags=np.array([_flag(region) for region in points], dtype=np.int64),
        labels=tuple(str(region['region_attributes'].get(name, '')) for region in points),
        rect=None if rect is None else xywh_to_xyxy(np.array(rect, dtype=np.float64)),
        fields=attributes_of(entry.get('file_attributes') or {}),
        no_face='' if points else 'it has no region of shape point',
    )
