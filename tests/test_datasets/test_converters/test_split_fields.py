"""Fields that say the split of a face, whatever the format calls them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from fanet_mmpose.datasets.converters.split_fields import field_splits
from fanet_mmpose.datasets.converters.split_words import split_of_field, split_of_place
from fanet_mmpose.errors import UserError
from tests.helpers.kind_files import coco_of, face, picture, run

pytestmark = pytest.mark.usefixtures('no_contact_sheet')


@pytest.mark.parametrize(
    ('fields', 'expected'),
    [
        ({'Split': ('TRAIN', 'dev', 'eval')}, ['train', 'val', 'test']),
        ({'subset': ('train', 'valid', 'test')}, ['train', 'val', 'test']),
        ({'ml_use': ('TRAINING', 'UNASSIGNED', 'TEST')}, ['train', '', 'test']),
        ({'split': ('default', 'default', 'nan')}, ['', '', '']),
        ({'purpose': ('train', 'train', 'test')}, ['train', 'train', 'test']),
        ({'note': ('test', 'test', 'test')}, ['', '', '']),
        ({'note': ('test', 'a train', 'val')}, ['', '', '']),
        ({'subset': ('indoor', 'outdoor', 'indoor')}, ['', '', '']),
        ({'is_train': (1, 0, True)}, ['train', 'test', 'train']),
        ({'is_test': ('False', 'True', '')}, ['train', 'test', 'train']),
        ({'train': (1, 0, 0), 'val': (0, 1, 0), 'test': (0, 0, 1)}, ['train', 'val', 'test']),
        ({'age': (3, 40, 7), 'train': ('ICE', 'TGV', 'ICE')}, ['', '', '']),
    ],
)
def test_fields_that_say_the_split(fields: dict[str, Any], expected: list[str]) -> None:
    rows = [dict(zip(fields, row, strict=True)) for row in zip(*fields.values(), strict=True)]
    found = field_splits(rows)
    assert [split_of_field(word) for word in found.words] == expected
    assert not found.unclear


@pytest.mark.parametrize(
    ('name', 'words'),
    [
        ('fold', (0, 1, 2)),
        ('set', (1.0, 2.0, 3.0)),
        ('partition', ('0', '1', '2')),
        ('subset', ('train', 'valid', 'extra')),
        ('is_valid', ('True', 'False', 'True')),
    ],
)
def test_fields_that_may_mean_a_split_are_unclear(name: str, words: tuple[Any, ...]) -> None:
    found = field_splits([{name: word} for word in words])
    assert set(found.words) == {''} and name in found.unclear


@pytest.mark.parametrize('face', [{'set': 'train', 'phase': 'test'}, {'is_train': 1, 'is_test': 1}])
def test_fields_that_disagree_are_refused(face: dict[str, Any]) -> None:
    with pytest.raises(UserError, match='keep one'):
        field_splits([face])


@pytest.mark.parametrize('place', ['images', 'annotations', 'attributes'])
def test_a_coco_file_says_the_split(place: str, schema: Path) -> None:
    coco = coco_of([face(schema, i) for i in range(6)])
    words = ('train', 'train', 'val', 'val', 'test', 'test')
    for i, word in enumerate(words):
        if place == 'attributes':
            coco['annotations'][i] |= {'attributes': {'split': word}, 'iscrowd': '0'}
        else:
            coco[place][i]['split'] = word
    files = {f'{i:03d}.jpg': picture(i) for i in range(6)}
    files['faces.json'] = json.dumps(coco).encode()
    assert set(run(schema, files)) == {f'{word}:{i:03d}.jpg' for i, word in enumerate(words)}


@pytest.mark.parametrize(('folder', 'fits'), [('', False), ('train/', True)])
def test_a_fold_is_refused_unless_folders_say_the_split(
    folder: str, fits: bool, schema: Path
) -> None:
    coco = coco_of([face(schema, i) for i in range(4)])
    for i, entry in enumerate(coco['annotations']):
        entry['fold'] = i
    files = {f'{folder}{i:03d}.jpg': picture(i) for i in range(4)}
    files[f'{folder}faces.json'] = json.dumps(coco).encode()
    if fits:
        assert len(run(schema, files)) == 4
        return
    with pytest.raises(UserError, match="its field 'fold' has '0', which is no split"):
        run(schema, files)


@pytest.mark.parametrize('name', ['fold_1', 'Fold 3', 'kfold-0', 'cv_fold2', 'faces_fold4'])
def test_numbered_folds_say_no_split(name: str) -> None:
    with pytest.raises(ValueError, match=f"'{name}' is a fold"):
        split_of_place([], [name, 'faces'])
    assert split_of_place([], [name, 'train']) == 'train'


def test_other_names_say_no_split() -> None:
    assert split_of_place(['folder1'], ['blindfold', 'manifold 2x', 'part_1']) == ''
