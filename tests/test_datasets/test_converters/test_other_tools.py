"""Exports of other tools: each point in its place, hidden where they say so."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fanet_mmpose.errors import UserError
from tests.helpers.kind_files import NAMES, Files, by_name, coco_of, face, picture, run, same

pytestmark = pytest.mark.usefixtures('no_contact_sheet')
Faces = dict[str, np.ndarray]
SIZE = 96
ORDER = (3, 1, 0, 2, 6, 5, 4)
HIDDEN = 5


def as_table(rows: list[dict[str, Any]]) -> bytes:
    file = io.StringIO()
    writer = csv.DictWriter(file, list(rows[0]))
    writer.writeheader()
    writer.writerows(
        {k: v if isinstance(v, str) else json.dumps(v) for k, v in row.items()} for row in rows
    )
    return file.getvalue().encode()


def via_table(faces: Faces) -> Files:
    rows = [
        {
            'filename': name,
            'file_attributes': {},
            'region_shape_attributes': {'name': 'point', 'cx': xy[k, 0], 'cy': xy[k, 1]},
            'region_attributes': {'part': NAMES[k], 'state': 'hidden' if k == HIDDEN else ''},
        }
        for name, xy in ((name, xy + 0.5) for name, xy in faces.items())
        for k in ORDER
    ]
    return {'via.csv': as_table(rows)}


def regions(xy: np.ndarray) -> list[dict[str, Any]]:
    """Label Studio's points."""
    share = (xy + 0.5) / SIZE * 100
    sides = {'original_width': SIZE, 'original_height': SIZE}
    return [
        {'x': share[k, 0], 'y': share[k, 1], 'keypointlabels': [NAMES[k]], **sides} for k in ORDER
    ]


def label_studio_table(faces: Faces) -> Files:
    rows = [{'annotation_id': '1', 'image': n, 'kp': regions(xy)} for n, xy in faces.items()]
    return {'export.csv': as_table(rows)}


def label_studio_choices(faces: Faces) -> Files:
    tasks = []
    for name, xy in faces.items():
        points = [
            {'id': str(k), 'type': 'keypointlabels', 'value': value, **value}
            for k, value in zip(ORDER, regions(xy), strict=True)
        ]
        choice = {'id': str(HIDDEN), 'type': 'choices', 'value': {'choices': ['Not visible']}}
        tasks.append({'data': {'image': name}, 'annotations': [{'result': [*points, choice]}]})
    return {'export.json': json.dumps(tasks).encode()}


def supervisely_points(faces: Faces) -> Files:
    files = {}
    for name, xy in faces.items():
        objects = [
            {
                'classTitle': NAMES[k],
                'geometryType': 'point',
                'points': {'exterior': [xy[k].tolist()], 'interior': []},
            }
            for k in ORDER
        ]
        content = {'size': {'width': SIZE, 'height': SIZE}, 'objects': objects}
        files[f'ann/{name}.json'] = json.dumps(content).encode()
    return files


def datumaro_skeleton(faces: Faces) -> Files:
    labels = [{'name': name} for name in ('face', *NAMES)]
    items = [
        {
            'id': name.removesuffix('.jpg'),
            'annotations': [
                {
                    'type': 'skeleton',
                    'label_id': 0,
                    'elements': [
                        {
                            'type': 'points',
                            'label_id': k + 1,
                            'points': xy[k].tolist(),
                            'attributes': {'occluded': k == HIDDEN},
                        }
                        for k in ORDER
                    ],
                }
            ],
        }
        for name, xy in faces.items()
    ]
    content = {'categories': {'label': {'labels': labels}}, 'items': items}
    return {'annotations/default.json': json.dumps(content).encode()}


def labelme(faces: Faces) -> Files:
    files = {}
    for name, xy in faces.items():
        shapes = [
            {
                'label': NAMES[k],
                'points': [(xy[k] + 0.5).tolist()],
                'shape_type': 'point',
                'flags': {'visible': k != HIDDEN},
            }
            for k in ORDER
        ]
        content = {'shapes': shapes, 'imagePath': name}
        files[name.replace('.jpg', '.json')] = json.dumps(content).encode()
    return files


FORMATS = {
    via_table: 1, label_studio_table: 2, label_studio_choices: 1, supervisely_points: 2,
    datumaro_skeleton: 1, labelme: 1,
}  # fmt: skip


@pytest.mark.parametrize('make', FORMATS, ids=lambda make: make.__name__)
def test_points_of_other_tools(make: Callable[[Faces], Files], schema: Path) -> None:
    faces = {f'{i}.jpg': face(schema, i) for i in range(4)}
    found = by_name(run(schema, {**{f'{i}.jpg': picture(i) for i in range(4)}, **make(faces)}))
    same(found, faces)
    expected = [FORMATS[make] if k == HIDDEN else 2 for k in range(7)]
    assert all(points[:, 2].tolist() == expected for points in found.values())


@pytest.mark.parametrize('base', [None, 0.0, 1.0])
def test_pts_without_a_header_ask_what_they_count_from(base: float | None, schema: Path) -> None:
    files = {f'{i}.jpg': picture(i) for i in range(4)}
    for i in range(4):
        lines = [f'{x} {y}' for x, y in face(schema, i) + (base or 0)]
        files[f'{i}.pts'] = '\n'.join(['# points', *lines]).encode()
    if base is None:
        with pytest.raises(UserError, match=r'0\.pts: has no first line .*--base 0 or 1'):
            run(schema, files)
    else:
        faces = {f'{i}.jpg': face(schema, i) for i in range(4)}
        same(by_name(run(schema, files, base=base)), faces)


def test_one_face_in_two_groups_is_refused(schema: Path) -> None:
    files = {f'{i}.jpg': picture(i) for i in range(2)}
    files |= labelme({f'{i}.jpg': face(schema, i) for i in range(2)})
    for i in range(2):
        content = json.loads(files[f'{i}.json'])
        for shape in content['shapes'][:3]:
            shape['group_id'] = 1
        files[f'{i}.json'] = json.dumps(content).encode()
    with pytest.raises(UserError, match='shares no point with .*one face in two groups'):
        run(schema, files)


def test_a_format_without_points_is_named(schema: Path) -> None:
    coco = coco_of([]) | {'images': []}
    with pytest.raises(UserError, match='read as coco, and no face in it has points'):
        run(schema, {'a.json': json.dumps(coco).encode(), 'a.jpg': picture(0)})
