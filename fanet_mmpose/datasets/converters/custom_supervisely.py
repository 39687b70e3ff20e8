"""Supervisely: a JSON file for each picture, ``a.jpg.json``, with its ``objects``.

A ``graph`` is a face, its nodes are named by the labels in ``meta.json``; or each point is an
object ``point`` whose class is its name. A disabled node is not labelled. Pixel centres at whole
numbers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from fanet_mmpose.datasets.converters.custom_common import load_json, stated_size
from fanet_mmpose.datasets.converters.custom_face import RawFace, RawRows
from fanet_mmpose.datasets.converters.records import UNLABELLED, VISIBLE, try_row
from fanet_mmpose.datasets.converters.source import Source
from fanet_mmpose.geometry.schemas import PointSchema

Point = tuple[str, list[float], int]
"""Name, x and y, flag."""


def is_supervisely(source: Source, path: Path, content: Any) -> bool:
    """Whether parsed JSON is the annotation of a picture."""
    return isinstance(content, dict) and {'objects', 'size'} <= set(content)


def read_supervisely(source: Source, schema: PointSchema) -> RawRows:
    """Faces of every picture's file."""
    files = [(path, load_json(source, path)) for path in source.find('*.json')]
    labels = _node_labels(content for _, content in files)
    for path, content in files:
        if is_supervisely(source, path, content):
            where = source.relative(path)
            for face, (kind, points) in enumerate(_faces(content, labels), start=1):
                parse = partial(_parse, path, f'{where}:face {face}', content, kind, points)
                yield try_row(f'{where}:face {face}', path.stem, parse)


def _node_labels(contents: Iterator[Any]) -> dict[str, str]:
    """Label of each node by its id, from the templates of the classes in ``meta.json``."""
    found = {}
    for content in contents:
        for kind in content.get('classes') or () if isinstance(content, dict) else ():
            nodes = (kind.get('geometry_config') or {}).get('nodes') or {}
            found |= {key: str(node.get('label') or key) for key, node in nodes.items()}
    return found


def _faces(
    content: Mapping[str, Any], labels: Mapping[str, str]
) -> Iterator[tuple[str, list[Point]]]:
    """Class and points of each face."""
    single: list[Point] = []
    for entry in content['objects']:
        if entry.get('geometryType') == 'point':
            single.append((str(entry['classTitle']), entry['points']['exterior'][0], VISIBLE))
        elif entry.get('geometryType') == 'graph':
            yield (
                str(entry.get('classTitle', '')),
                [
                    (
                        labels.get(key, key),
                        node['loc'],
                        UNLABELLED if node.get('disabled') else VISIBLE,
                    )
                    for key, node in entry['nodes'].items()
                ],
            )
    if single:
        yield '', single


def _parse(
    path: Path, where: str, content: Mapping[str, Any], kind: str, points: list[Point]
) -> RawFace:
    tags = {str(tag['name']): tag.get('value') for tag in content.get('tags') or ()}
    return RawFace(
        path=path,
        where=where,
        image=path.stem,
        xy=np.array([xy for _, xy, _ in points], dtype=np.float64).reshape(-1, 2),
        flags=np.array([flag for *_, flag in points], dtype=np.int64),
        labels=tuple(label for label, *_ in points),
        category=kind,
        fields={
            'tag': ' '.join(name for name, value in tags.items() if value is None),
            **{name: value for name, value in tags.items() if value is not None},
        },
        of_one_picture=True,
        size=stated_size(content['size'].get('width'), content['size'].get('height')),
    )
