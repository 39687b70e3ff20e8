"""Label Studio's own JSON, JSON-MIN and CSV: tasks with key points in per cent of the picture.

A region ``keypointlabels`` is a point, called by its label; regions with one ``parentID`` are one
face, and a ``rectanglelabels`` region that is this parent is its box. What Label Studio exports as
COCO is read as COCO. Per cent are of the picture's edges, so x is ``share * width`` in units of
which the first pixel's centre is 0.5.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from fanet_mmpose.datasets.converters.custom_common import (
    HIDDEN,
    attributes_of,
    load_json,
    stated_size,
)
from fanet_mmpose.datasets.converters.custom_face import RawFace, RawRows
from fanet_mmpose.datasets.converters.json_cells import label_studio_tasks
from fanet_mmpose.datasets.converters.point_names import plain_name
from fanet_mmpose.datasets.converters.records import OCCLUDED, VISIBLE, try_row
from fanet_mmpose.datasets.converters.source import Source
from fanet_mmpose.geometry.schemas import PointSchema

_IMAGE_FIELDS = ('image', 'img', 'picture', 'photo')
_POINT = 'keypointlabels'


def is_label_studio(source: Source, path: Path, content: Any) -> bool:
    """Whether parsed JSON, or a table, is a list of Label Studio's tasks."""
    content = _content(source, path, content)
    return isinstance(content, list) and any(
        isinstance(task, dict) and (_is_full(task) or _regions_min(task)) for task in content[:50]
    )


def read_label_studio(source: Source, schema: PointSchema) -> RawRows:
    """Faces of every export."""
    for path in (*source.find('*.json'), *source.find('*.csv')):
        content = _content(source, path, None)
        if not is_label_studio(source, path, content):
            continue
        for i, task in enumerate(content):
            hidden = _hidden(task)
            for face, regions in _faces(task).items():
                where = f'{source.relative(path)}:task {task.get("id", i)}' + (
                    f', face {face}' if face else ''
                )
                image = _image(task)
                yield try_row(where, image, partial(_parse, path, where, task, regions, hidden))


def _content(source: Source, path: Path, parsed: Any) -> Any:
    if path.suffix.lower() == '.csv':
        return label_studio_tasks(source, path)
    return load_json(source, path) if parsed is None else parsed


def _is_full(task: Mapping[str, Any]) -> bool:
    return isinstance(task.get('data'), dict) and isinstance(task.get('annotations'), list)


def _regions_min(task: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Point regions of a JSON-MIN task."""
    return [
        region
        for value in task.values()
        if isinstance(value, list)
        for region in value
        if isinstance(region, dict) and _POINT in region
    ]


def _image(task: Mapping[str, Any]) -> str:
    data = task.get('data', task)
    field = next((name for name in _IMAGE_FIELDS if data.get(name)), None)
    if field is None:
        field = next((n for n, v in data.items() if isinstance(v, str) and '.' in v), 'image')
    return str(data.get(field, ''))


def _faces(task: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Regions of each face: by the region that is their parent."""
    faces: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for region in _regions(task):
        face = str(region.get('parentID') or '')
        if region.get('type') == 'rectanglelabels':
            face = str(region.get('id', ''))
        elif region.get('type', _POINT) != _POINT:
            continue
        faces[face].append(region)
    points = {f: r for f, r in faces.items() if any(x.get('type', _POINT) == _POINT for x in r)}
    return points


def _regions(task: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    if not _is_full(task):
        yield from _regions_min(task)
        return
    kept = [a for a in task['annotations'] if not a.get('was_cancelled')]
    if len(kept) > 1:
        # Several people's: each would be a face of its own.
        yield {'type': _POINT, 'annotations': len(kept)}
        return
    for annotation in kept:
        yield from annotation.get('result') or ()


def _hidden(task: Mapping[str, Any]) -> set[str]:
    """Ids of the regions for which a choice says that they are occluded."""
    chosen = [r for r in _regions(task) if r.get('type') == 'choices' and 'id' in r]
    return {
        region['id']
        for region in chosen
        if any(plain_name(str(word)) in HIDDEN for word in region['value'].get('choices') or ())
    }


def _parse(
    path: Path,
    where: str,
    task: Mapping[str, Any],
    regions: list[dict[str, Any]],
    hidden: set[str],
) -> RawFace:
    if 'annotations' in regions[0]:
        raise ValueError(
            f'the task has {regions[0]["annotations"]} annotations; keep one (the others cancelled)'
        )
    points = [region for region in regions if region.get('type', _POINT) == _POINT]
    turns = {region.get('image_rotation', 0) for region in points} - {0, None}
    if turns:
        raise ValueError(
            f'it was labelled on a picture turned by {turns.pop()} degrees; turn it back in Label '
            'Studio, or save the picture as it was seen'
        )
    boxes = [region for region in regions if region.get('type') == 'rectanglelabels']
    values = [region.get('value', region) for region in points]
    xy = np.array([_pixels(r, v, ('x', 'y')) for r, v in zip(points, values, strict=True)])
    return RawFace(
        path=path,
        where=where,
        image=_image(task),
        xy=xy.reshape(-1, 2),
        flags=np.array([OCCLUDED if r.get('id') in hidden else VISIBLE for r in points]),
        labels=tuple(str(value[_POINT][0]) for value in values),
        rect=_box(boxes[0]) if boxes else None,
        fields=attributes_of(task.get('data', task)),
        size=stated_size(points[0].get('original_width'), points[0].get('original_height')),
    )


def _box(region: Mapping[str, Any]) -> np.ndarray:
    low = _pixels(region, region['value'], ('x', 'y'))
    return np.concatenate([low, low + _pixels(region, region['value'], ('width', 'height'))])


def _pixels(
    region: Mapping[str, Any], value: Mapping[str, Any], names: tuple[str, str]
) -> np.ndarray:
    """[2] pixels, from per cent of the picture's size."""
    size = [float(region[name]) for name in ('original_width', 'original_height')]
    return np.array([float(value[name]) for name in names]) * size / 100
