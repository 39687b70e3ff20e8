"""COCO-style files of other tools: readable as they are, or one sentence that names the field."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fanet_mmpose.coco_file import check_numbers, check_trainable, read_coco, read_pictures
from fanet_mmpose.errors import UserError

Change = Callable[[dict[str, Any]], object]


def content() -> dict[str, Any]:
    images = [{'id': i, 'file_name': f'images/{i}.jpg', 'width': 96, 'height': 96} for i in (1, 2)]
    faces = [
        {'id': 10 + i, 'image_id': i, 'category_id': 1, 'iscrowd': 0, 'num_keypoints': 2,
         'keypoints': [1, 2, 2, 3, 4, 2], 'bbox': [1, 2, 2, 2], 'center': [2, 3], 'scale': 0.01}
        for i in (1, 2)
    ]  # fmt: skip
    return {'images': images, 'annotations': faces, 'categories': [{'id': 1, 'name': 'face'}]}


def face(**changes: Any) -> Change:
    return lambda file: file['annotations'][1].update(changes)


def without(key: str, field: str) -> Change:
    return lambda file: file[key][1].pop(field)


HARMLESS: dict[str, Change] = {
    'as it is': lambda file: None,
    'no size of the picture': without('images', 'width'),
    'no box': without('annotations', 'bbox'),
    'box is null': face(bbox=None),
    'no categories': lambda file: file.pop('categories'),
    'category 0': lambda file: [entry.update(category_id=0) for entry in file['annotations']],
}
WRONG: dict[str, tuple[Change, str]] = {
    'two categories': (face(category_id=2), 'objects of 2 categories'),
    'no center': (without('annotations', 'center'), 'has no "center"'),
    'no scale': (without('annotations', 'scale'), 'has no "scale"'),
    'scale 0': (face(scale=0), 'its "scale" 0 is no size'),
    'no iscrowd': (without('annotations', 'iscrowd'), 'has no "iscrowd"'),
    'no num_keypoints': (without('annotations', 'num_keypoints'), 'has no "num_keypoints"'),
    'null categories': (lambda file: file.update(categories=None), '"categories" is not a list'),
    'named categories': (lambda file: file.update(categories={'1': 'face'}), '"categories" is not'),
    'crowds alone': (
        lambda file: [entry.update(iscrowd=1) for entry in file['annotations']],
        'all annotations are crowds or have no labelled point',
    ),
    'text ids': (face(id='a'), 'ids that are not whole numbers'),
    'no id': (without('annotations', 'id'), 'has no "id"'),
    'one id twice': (face(id=11), 'two annotations have the id 11'),
    'an image twice': (lambda file: file['images'].append(file['images'][0]), 'an image twice'),
    'one id, two images': (lambda file: file['images'][1].update(id=1), 'the image id 1 is both'),
    'no file name': (without('images', 'file_name'), 'lacks "id" or "file_name"'),
    'nan': (face(keypoints=[float('nan')] * 6), 'not all finite numbers'),
    'a number without end': (face(keypoints=[10**400, 1, 2] * 2), 'not all finite numbers'),
    'null among the points': (face(keypoints=[None, 1, 2] * 2), 'not all finite numbers'),
    'a null annotation': (lambda file: file['annotations'].append(None), 'no object'),
}


@pytest.mark.parametrize('kind', HARMLESS)
def test_what_mmpose_reads_is_left_alone(kind: str) -> None:
    file = content()
    HARMLESS[kind](file)
    check_trainable(file, 'a.json')


@pytest.mark.parametrize('kind', WRONG)
def test_what_a_config_cannot_use_is_named(kind: str) -> None:
    file = content()
    WRONG[kind][0](file)
    with pytest.raises(UserError, match=WRONG[kind][1]):
        check_trainable(file, 'a.json')


@pytest.mark.parametrize(
    ('text', 'said'),
    [
        ('[]', 'has no list "images"'),
        ('{"images": [], "annotations": 1}', 'has no list "annotations"'),
        ('{"images": [{"id": [1]}], "annotations": []}', r'images\[0\] has no "id" that is'),
        ('{"images": [3], "annotations": []}', r'images\[0\] has no "id" that is'),
        ('{"images": [], "annotations": [{"id": 1}]}', r'annotations\[0\] has no "image_id"'),
        ('{"images": [], "annotations": [{"id": 1, "image_id": 2}]}', 'belongs to no image'),
        ('{"images": [{"id": 1}], "annotations": []}', 'lacks "id" or "file_name"'),
    ],
)
def test_files_of_another_form(text: str, said: str, tmp_path: Path) -> None:
    (tmp_path / 'a.json').write_text(text)
    with pytest.raises(UserError, match=said):
        read_pictures(tmp_path / 'a.json')


def test_what_is_right_is_read(tmp_path: Path) -> None:
    (tmp_path / 'a.json').write_text(json.dumps(content()))
    assert read_coco(tmp_path / 'a.json') == content()
    file, names = read_pictures(tmp_path / 'a.json')
    assert names == {1: 'images/1.jpg', 2: 'images/2.jpg'}
    check_numbers(file['annotations'][0], 'a.json', scale=1, center=2, keypoints=None)
    for name, size in (('scale', 2), ('bbox', 3), ('area', 1)):
        with pytest.raises(UserError, match=f'annotation 11: "{name}" is not {size} finite'):
            check_numbers(file['annotations'][0], 'a.json', **{name: size})
