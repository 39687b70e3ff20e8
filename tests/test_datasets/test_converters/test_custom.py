"""Custom folders: all formats say the same, and say so when they cannot be read."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from fanet_mmpose.datasets.converters import Options, convert, convert_dataset
from fanet_mmpose.datasets.converters.custom import LAYOUTS, detect_layout
from fanet_mmpose.datasets.converters.source import Source
from fanet_mmpose.datasets.converters.split_words import split_of
from fanet_mmpose.errors import UserError
from fanet_mmpose.geometry.schemas import load_schema
from tests.helpers.custom_files import BOX, FACES, HIDDEN, WRITERS, cvat_flat_files, images
from tests.helpers.kind_files import SCHEMA
from tests.helpers.tiny_releases import (
    read_annotations,
    toy_face,
    write_files,
)


@pytest.fixture(autouse=True)
def _no_contact_sheet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(convert, 'write_contact_sheet', lambda *arguments: None)


@pytest.fixture
def schema_file(tmp_path: Path) -> Path:
    path = tmp_path / 'mask7.yaml'
    path.write_text(SCHEMA)
    return path


def truth(schema_file: Path) -> np.ndarray:
    """[N, 7, 2] 0-based."""
    return np.stack([toy_face(load_schema(schema_file), i) for i in range(FACES)])


def source_of(layout: str, schema_file: Path, change: Callable = dict) -> Path:
    names = load_schema(schema_file).point_names
    files = {**images(), **WRITERS[layout](truth(schema_file), names)}
    return write_files(schema_file.parent / 'in', change(files))


def run(source: Path, schema_file: Path, **options: object) -> Path:
    out = schema_file.parent / 'out'
    convert_dataset(Options('custom', (source,), out, schema=str(schema_file), **options))
    return out


def annotations_by_image(out: Path) -> dict[str, dict]:
    found = {}
    for fold in ('train', 'val', 'test'):
        coco = read_annotations(out, fold)
        names = {image['id']: Path(image['file_name']).stem for image in coco['images']}
        found.update({names[a['image_id']]: a for a in coco['annotations']})
    return found


@pytest.mark.parametrize('layout', WRITERS)
def test_formats_agree(layout: str, schema_file: Path) -> None:
    source = source_of(layout, schema_file)
    assert detect_layout(Source((source,), source)) == layout
    found = annotations_by_image(run(source, schema_file))
    assert len(found) == FACES
    for i, points in enumerate(truth(schema_file)):
        keypoints = np.array(found[str(i)]['keypoints']).reshape(-1, 3)
        np.testing.assert_allclose(keypoints[:, :2], points, atol=2e-4)
        if layout not in ('pts', 'supervisely'):
            assert found[str(i)]['bbox_rect'] == list(BOX)
        if layout in ('csv', 'coco', 'labelme', 'cvat', 'datumaro', 'yolo'):
            assert keypoints[HIDDEN, 2] == 1 and (np.delete(keypoints[:, 2], HIDDEN) == 2).all()
        if layout in ('csv', 'coco'):
            assert found[str(i)]['age'] == 30 + i


def test_one_shape_with_all_points(schema_file: Path) -> None:
    points = truth(schema_file)
    files = {**images(), **cvat_flat_files(points, ())}
    found = annotations_by_image(run(write_files(schema_file.parent / 'in', files), schema_file))
    keypoints = np.array(found['3']['keypoints']).reshape(-1, 3)
    np.testing.assert_allclose(keypoints[:, :2], points[3], atol=2e-4)


def test_base_can_be_given(schema_file: Path) -> None:
    found = annotations_by_image(run(source_of('csv', schema_file), schema_file, base=1.0))
    keypoints = np.array(found['0']['keypoints']).reshape(-1, 3)
    np.testing.assert_allclose(keypoints[:, :2], truth(schema_file)[0] - 1, atol=2e-4)


def test_splits_are_random_but_fixed(schema_file: Path) -> None:
    source = source_of('csv', schema_file)
    out = run(source, schema_file, val_every=4, test_every=4)
    first = {fold: read_annotations(out, fold) for fold in ('train', 'val', 'test')}
    assert sum(len(coco['images']) for coco in first.values()) == FACES
    run(source, schema_file, val_every=4, test_every=4, force=True)
    assert {fold: read_annotations(out, fold) for fold in first} == first


@pytest.mark.parametrize('option', ['val_every', 'test_every'])
def test_one_in_one_is_refused(option: str, schema_file: Path) -> None:
    with pytest.raises(UserError, match='2 or more'):
        run(schema_file.parent, schema_file, **{option: 1})


def test_folders_are_splits(schema_file: Path) -> None:
    def move(files: dict[str, bytes]) -> dict[str, bytes]:
        folds = {'0': 'validation', '1': 'test'}
        return {
            name.replace('images', folds.get(Path(name).stem, 'train')): data
            for name, data in files.items()
        }

    out = run(source_of('pts', schema_file, move), schema_file)
    assert [i['file_name'] for i in read_annotations(out, 'val')['images']] == [
        'images/validation/0.jpg'
    ]
    assert len(read_annotations(out, 'train')['images']) == FACES - 2


def test_unlabelled_points_stay_unlabelled(schema_file: Path) -> None:
    def blank(files: dict[str, bytes]) -> dict[str, bytes]:
        rows = list(csv.reader(files['faces.csv'].decode().splitlines()))
        rows[1][1:3] = '', ''
        return {**files, 'faces.csv': '\n'.join(map(','.join, rows)).encode()}

    found = annotations_by_image(run(source_of('csv', schema_file, blank), schema_file))
    assert found['0']['keypoints'][:3] == [0, 0, 0] and found['0']['num_keypoints'] == 6
    x, y, *_ = found['0']['bbox']
    assert x > 0 and y > 0  # the box does not reach to the absent point


def test_attributes_that_are_not_finite_are_dropped(schema_file: Path) -> None:
    source = source_of('csv', schema_file, edit('faces.csv', ',1,30,', ',1,nan,'))
    found = annotations_by_image(run(source, schema_file))
    assert 'age' not in found['0'] and found['1']['age'] == 31


def test_mmpose_s_flag_1_means_visible(schema_file: Path) -> None:
    def ones(files: dict[str, bytes]) -> dict[str, bytes]:
        coco = json.loads(files['faces.json'])
        for annotation in coco['annotations']:
            annotation['keypoints'][2::3] = [1.0] * 7
        return {**files, 'faces.json': json.dumps(coco).encode()}

    found = annotations_by_image(run(source_of('coco', schema_file, ones), schema_file))
    assert found['0']['keypoints'][2::3] == [2] * 7


@pytest.mark.parametrize(
    ('name', 'split'),
    [
        ('person_keypoints_val2017', 'val'),
        ('trainset', 'train'),
        ('My-Test set', 'test'),
        ('trainimages', 'train'),
        ('faces_testdata', 'test'),
        ('imgdev', 'val'),
        ('latest', ''),
        ('testament', ''),
        ('strain', ''),
        ('contest_A', ''),
    ],
)
def test_split_of(name: str, split: str) -> None:
    assert split_of(name) == split


# -------------------------------------------------------------------------------- what is wrong
def edit(name: str, old: str, new: str) -> Callable[[dict[str, bytes]], dict[str, bytes]]:
    def change(files: dict[str, bytes]) -> dict[str, bytes]:
        text = files[name].decode()
        assert old in text
        return {**files, name: text.replace(old, new, 1).encode()}

    return change


_SENTENCES = {
    'CSV without image': ('csv', edit('faces.csv', 'image,', 'picture,'), 'faces.csv:1'),
    'CSV without a point': ('csv', edit('faces.csv', 'x6,y6', 'x7,y7'), 'x6,y6'),
    'JSON cut off': ('coco', edit('faces.json', '}], "categories": []}', ''), 'faces.json:1'),
    'image without id': ('coco', edit('faces.json', '"id": 5, ', ''), '"images"'),
    'XML cut off': ('cvat', edit('annotations.xml', '</annotations>', ''), 'annotations.xml:1'),
    'shapes no list': (
        'labelme',
        lambda files: {**files, 'images/0.json': b'{"shapes": 5, "imagePath": "0.jpg"}'},
        '"shapes"',
    ),
    'binary CSV': ('csv', edit('faces.csv', 'image', 'im\0age'), 'binary'),
}


@pytest.mark.parametrize('case', _SENTENCES)
def test_unreadable_files_end_in_a_sentence(case: str, schema_file: Path) -> None:
    layout, change, expected = _SENTENCES[case]
    source = source_of(layout, schema_file, change)
    with pytest.raises(UserError, match=expected) as caught:
        run(source, schema_file)
    assert '\n' not in str(caught.value)
    assert {path.name for path in schema_file.parent.iterdir()} == {'in', 'mask7.yaml'}


_FIRST_ROW = {
    'csv': 'faces.csv:2',
    'coco': 'faces.json:annotations[0]',
    'labelme': 'images/0.json:group 3',
    'cvat': 'annotations.xml:image 0, face 1',
    'pts': 'images/0.pts',
}


def _three_numbers(files: dict[str, bytes]) -> dict[str, bytes]:
    content = json.loads(files['images/0.json'])
    content['shapes'][1]['points'] = [[1.0, 2.0, 3.0]]
    return {**files, 'images/0.json': json.dumps(content).encode()}


_ROWS = {
    'CSV short line': ('csv', edit('faces.csv', ',1,30,', ','), 'fields'),
    'CSV long line': ('csv', edit('faces.csv', ',1,30,', ',1,30,7,'), 'fields'),
    'CSV text': ('csv', edit('faces.csv', 'images/0.jpg,', 'images/0.jpg,a'), 'convert'),
    'CSV path escapes': ('csv', edit('faces.csv', 'images/0', '../../0'), 'leaves'),
    'COCO 20 values': ('coco', edit('faces.json', '"keypoints": [', '"keypoints": [1, '), '22'),
    'COCO null': ('coco', edit('faces.json', '"keypoints": [', '"keypoints": [null, '), '22'),
    'COCO no image': ('coco', edit('faces.json', '"image_id": 5', '"image_id": 99'), '99'),
    'COCO no keypoints': ('coco', edit('faces.json', '"keypoints"', '"points"'), 'missing'),
    'COCO box of 3': ('coco', edit('faces.json', '"bbox": [10.0, ', '"bbox": ['), 'broadcast'),
    'COCO no object': ('coco', edit('faces.json', '{"id": 0,', '7, {"id": 0,'), 'wrong type'),
    'COCO flag 3': ('coco', edit('faces.json', ', 2.0, ', ', 3, '), 'flag'),
    'COCO flag NaN': ('coco', edit('faces.json', ', 2.0, ', ', NaN, '), 'flag'),
    'CSV flag': ('csv', edit('faces.csv', ',1,30,', ',5,30,'), 'flag'),
    'LabelMe unknown': ('labelme', edit('images/0.json', 'left_eye', 'chin'), "'chin'"),
    'LabelMe twice': ('labelme', edit('images/0.json', 'left_eye', 'right_eye'), 'twice'),
    'LabelMe no xy': ('labelme', _three_numbers, 'not a point'),
    'CVAT unknown': ('cvat', edit('annotations.xml', 'left_eye', 'chin'), "'chin'"),
    'CVAT no xy': ('cvat', edit('annotations.xml', ' points="', ' points="7,'), '1.5 points'),
    'pts cut off': ('pts', edit('images/0.pts', '}', ''), 'cut off'),
    'pts of 6': ('pts', edit('images/0.pts', '{\n', '{\n1 1\n'), '8 points'),
}


@pytest.mark.parametrize('case', _ROWS)
def test_bad_rows_go_to_the_quarantine(case: str, schema_file: Path) -> None:
    layout, change, expected = _ROWS[case]
    out = run(source_of(layout, schema_file, change), schema_file, max_bad=0.5)
    with (out / 'quarantine.csv').open() as stream:
        (row,) = csv.DictReader(stream)
    assert expected in row['reason'] and row['where'] == _FIRST_ROW[layout]


def test_unknown_format(schema_file: Path) -> None:
    source = write_files(schema_file.parent / 'in', images())
    with pytest.raises(UserError, match='known format'):
        run(source, schema_file)


def test_schema_is_required(schema_file: Path) -> None:
    with pytest.raises(UserError, match='--schema'):
        convert_dataset(Options('custom', (schema_file.parent,), schema_file.parent / 'out'))


def test_every_layout_is_tested() -> None:
    assert set(WRITERS) == set(LAYOUTS)
