"""Lists of names beside the annotations say the split of each picture."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fanet_mmpose.datasets.converters.source import Source
from fanet_mmpose.datasets.converters.split_lists import listed_splits
from fanet_mmpose.errors import UserError
from tests.helpers.kind_files import face, picture, run, table
from tests.helpers.tiny_releases import write_files

YOLO = 'names: [face]\nkpt_shape: [7, 3]\n'


def splits(folder: Path, files: dict[str, str]) -> dict[str, str]:
    """What lists say of a.jpg to d.jpg in ``images/``."""
    pictures = {f'images/{name}.jpg': b'' for name in 'abcd'}
    write_files(folder, {**pictures, **{name: text.encode() for name, text in files.items()}})
    return {path.stem: split for path, split in listed_splits(Source([folder], folder)).items()}


@pytest.mark.parametrize(
    'files',
    [
        {'train.txt': 'a.jpg\nb.jpg\n', 'test_list.txt': 'c.jpg\r\nd.jpg\r\n'},
        {'ImageSets/Main/train.txt': 'a\nb', 'ImageSets/Main/test.txt': 'c\nd'},
        {'train.lst': '/home/x/images/a.jpg\nb.jpg\ngone.jpg', 'eval.lst': 'C:\\y\\c.jpg\nd'},
        {'splits.json': json.dumps({'train': ['a.jpg', 'b'], 'Test': ['c.jpg', 'd.jpg']})},
        {'split.csv': 'image,split\na.jpg,train\nb.jpg,train\nc.jpg,test\nd.jpg,eval\n'},
        {'who.csv': 'file,is_test\na.jpg,0\nb.jpg,0\nc.jpg,1\nd.jpg,1\n'},
        {'list_eval_partition.txt': 'a.jpg 0\nb.jpg 0\nc.jpg 2\nd.jpg 2\n'},
        {'data.yaml': YOLO + 'train: t.txt\ntest: [u.txt]', 't.txt': './a.jpg\nb', 'u.txt': 'c\nd'},
    ],
)
def test_lists_of_names(files: dict[str, str], tmp_path: Path) -> None:
    assert splits(tmp_path, files) == {'a': 'train', 'b': 'train', 'c': 'test', 'd': 'test'}


def test_folders_of_a_yolo_set(tmp_path: Path) -> None:
    files = {'data.yaml': YOLO + 'path: ../datasets/x\ntrain: ../images\nval: more/ones\n'}
    assert set(splits(tmp_path, files).values()) == {'train'}
    files = {'data.yaml': YOLO + 'train: images\nval: images\n'}
    assert splits(tmp_path, files) == {}


def test_train_and_val_say_more_than_trainval(tmp_path: Path) -> None:
    files = {'trainval.txt': 'a\nb\nc', 'val.txt': 'b'}
    assert splits(tmp_path, files) == {'a': 'train', 'b': 'val', 'c': 'train'}


@pytest.mark.parametrize(
    'files',
    [
        {'train.txt': '0 0.5 0.5 0.2 0.2 0.4 0.4'},
        {'train.txt': 'see the paper\n'},
        {'notes.txt': 'a.jpg\nb.jpg\n'},
        {'points.csv': 'image,x0,y0,split\na.jpg,1,2,train\n'},
        {'train.json': '{"images": [], "annotations": []}'},
    ],
)
def test_other_files_are_no_lists(files: dict[str, str], tmp_path: Path) -> None:
    assert splits(tmp_path, files) == {}


def test_a_picture_in_two_lists_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r'b\.jpg: is in .*test\.txt.*train\.txt'):
        splits(tmp_path, {'train.txt': 'a\nb', 'test.txt': 'b\nc'})


@pytest.mark.usefixtures('no_contact_sheet')
def test_lists_split_a_table(schema: Path) -> None:
    files = {f'{i}.jpg': picture(i) for i in range(4)}
    files['points.csv'] = table([[f'{i}.jpg', *face(schema, i).ravel()] for i in range(4)])
    files['split.csv'] = b'image,split\n0.jpg,train\n1.jpg,val\n2.jpg,test\n3.jpg,test\n'
    assert set(run(schema, files)) == {'train:0.jpg', 'val:1.jpg', 'test:2.jpg', 'test:3.jpg'}
