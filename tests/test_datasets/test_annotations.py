"""Reading COCO-style faces with what MMPose drops."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from helpers.json_damage import damaged
from hypothesis import given, settings

from fanet_mmpose.datasets.annotations import (
    load_annotations,
    stack_attributes,
    stack_box_sizes,
)
from fanet_mmpose.errors import UserError

FACE = {
    'id': 4,
    'image_id': 1,
    'category_id': 1,
    'iscrowd': 0,
    'keypoints': [1.5, 2, 2, 3, 4, 1, 0, 0, 0],
    'num_keypoints': 2,
    'bbox': [1, 2, 3, 4],
    'area': 12,
    'scale': 0.1,
    'box_size': 55.0,
    'blur': 1,
}
IMAGE = {'id': 1, 'file_name': 'val/a b.jpg', 'width': 10, 'height': 9, 'source': 'helen'}


def write(folder: Path, *faces: dict) -> Path:
    path = folder / 'val.json'
    path.write_text(json.dumps({'images': [IMAGE], 'annotations': list(faces)}))
    return path


def test_one_face(tmp_path: Path) -> None:
    face = load_annotations(write(tmp_path, FACE))[4]
    assert face.image == 'val/a b.jpg'
    np.testing.assert_allclose(face.points, [[1.5, 2], [3, 4], [0, 0]])
    assert face.visibility.tolist() == [2, 1, 0]
    assert face.attributes == {'blur': 1, 'source': 'helen'}
    np.testing.assert_allclose(face.box('bbox'), [1, 2, 3, 4])


def test_stacks(tmp_path: Path) -> None:
    other = {**FACE, 'id': 5, 'blur': 0, 'attributes': {'pose': 1}}
    faces = list(load_annotations(write(tmp_path, FACE, other)).values())
    assert stack_attributes(faces) == {
        'source': ['helen', 'helen'],
        'blur': [1, 0],
        'pose': [None, 1],
    }
    np.testing.assert_allclose(stack_box_sizes(faces), [55, 55])
    del other['box_size']
    assert stack_box_sizes(list(load_annotations(write(tmp_path, FACE, other)).values())) is None
    assert stack_box_sizes([]) is None


@pytest.mark.parametrize('box', [None, [1, 2, 3], ['a', 1, 2, 3]])
def test_bad_box(tmp_path: Path, box: list | None) -> None:
    face = load_annotations(write(tmp_path, {**FACE, 'bbox_rect': box}))[4]
    if box is None:
        assert np.isnan(face.box('bbox_rect')).all()
    else:
        with pytest.raises(UserError, match='bbox_rect'):
            face.box('bbox_rect')


@pytest.mark.parametrize(
    'text',
    [
        '',
        '{"images": []',
        '[1, 2]',
        '{"images": [], "annotations": [{}]}',
        '{"images": [], "annotations": [{"id": 1, "image_id": 1}]}',
        '{"images": [], "annotations": [{"id": 1, "image_id": 1, "keypoints": [1, 2]}]}',
        f'{{"images": [], "annotations": [{{"id": 1, "image_id": 1, "keypoints": [{10**400}]}}]}}',
        '{"images": [{}], "annotations": []}',
        '{"images": null, "annotations": []}',
    ],
)
def test_malformed_names_the_file(tmp_path: Path, text: str) -> None:
    path = tmp_path / 'bad.json'
    path.write_text(text)
    with pytest.raises(UserError, match='bad.json'):
        load_annotations(path)


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(UserError, match='is missing'):
        load_annotations(tmp_path / 'none.json')


@settings(deadline=None, derandomize=True, max_examples=100)
@given(content=damaged({'images': [IMAGE], 'annotations': [FACE, {**FACE, 'id': 5}]}))
def test_damage_gives_a_sentence_or_faces(
    content: Any, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / 'damaged.json'
    path.write_text(json.dumps(content))
    with suppress(UserError):
        faces = list(load_annotations(path).values())
        stack_attributes(faces)
        stack_box_sizes(faces)
