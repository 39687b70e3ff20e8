"""A folder of pictures becomes drafts, a list of the rest, reasons, and a config."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from helpers.photo_fixtures import DRAWN

from fanet_mmpose.datasets.annotations import load_annotations
from fanet_mmpose.datasets.converters.custom import custom_reader
from fanet_mmpose.datasets.converters.source import Source
from fanet_mmpose.errors import UserError
from fanet_mmpose.geometry.schemas import find_schema, get_schema, shared_points
from fanet_mmpose.inference.landmarker import FaceLandmarker
from fanet_mmpose.labelling.options import ProposeOptions
from fanet_mmpose.labelling.propose import propose

OWN = 'configs/semi/own_faces/own12.yml'


@pytest.fixture
def options(photos: Path, repo: Path, tmp_path: Path) -> ProposeOptions:
    return ProposeOptions(photos, tmp_path / 'todo', num=5, val=1, schema=str(repo / OWN))


def rows(path: Path) -> list[dict[str, str]]:
    with path.open() as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize('layout', ['labelme', 'cvat'])
def test_every_picture_ends_up_somewhere(
    options: ProposeOptions, landmarker: FaceLandmarker, layout: str
) -> None:
    lines = propose(replace(options, layout=layout), landmarker)
    out = options.out
    chosen = [row['image'] for row in rows(out / 'chosen.csv')]
    skipped = {row['image']: row['reason'] for row in rows(out / 'skipped.csv')}
    rest = json.loads((out / 'unlabelled.json').read_text())
    unlabelled = {image['file_name'] for image in rest['images']}
    everything = {p.relative_to(options.folder).as_posix() for p in options.folder.rglob('*.*')}
    assert len(chosen) == len(set(chosen)) == 5
    assert {*chosen, *skipped, *unlabelled} == everything
    assert not set(chosen) & set(skipped) and not unlabelled & set(skipped)
    assert skipped['bad/noise.png'] == 'no face' and skipped['bad/tiny.png'] == 'tiny'
    assert skipped['bad/again.jpg'] == 'duplicate' and skipped['bad/cut.jpg'] == 'unreadable'
    assert any('2 unreadable' in line for line in lines)
    assert not list(out.parent.glob('.*'))


def test_drafts_are_what_the_model_finds(
    options: ProposeOptions, landmarker: FaceLandmarker
) -> None:
    propose(options, landmarker)
    schema = find_schema(options.schema)
    labels = options.out / 'labels'
    read = list(custom_reader()(Source([labels], options.out / 'scratch'), schema))
    assert sorted(row.split for row in read) == ['train'] * 4 + ['val']
    originals = {row['copy']: row['image'] for row in rows(options.out / 'chosen.csv')}
    shared = shared_points(landmarker.info.schema, schema)
    for row in read:
        original = options.folder / originals[row.name]
        assert row.image.read_bytes() == original.read_bytes()
        found = max(landmarker(original), key=lambda face: np.ptp(face.points, axis=0).max())
        # What the passes of a batch share differs in the last digits.
        np.testing.assert_allclose(row.points, shared(found.points), atol=0.05)
        tight = [row.points.min(axis=0), row.points.max(axis=0)]
        np.testing.assert_allclose(row.rect.reshape(2, 2), tight, atol=0.01)


def test_the_same_again_and_other_faces_with_another_seed(
    options: ProposeOptions, landmarker: FaceLandmarker
) -> None:
    chosen = []
    for number, seed in enumerate((0, 0, 1, 2)):
        again = replace(options, out=options.out / str(number), seed=seed, num=4)
        propose(again, landmarker)
        chosen.append((again.out / 'chosen.csv').read_text())
    assert chosen[0] == chosen[1]
    assert len(set(chosen)) > 1


def test_a_second_round_asks_about_others(
    options: ProposeOptions, landmarker: FaceLandmarker, tmp_path: Path
) -> None:
    propose(options, landmarker)
    second = replace(options, out=tmp_path / 'todo2', num=3, after=(options.out,))
    lines = propose(second, landmarker)
    chosen = [
        {row['image'] for row in rows(out / 'chosen.csv')} for out in (options.out, second.out)
    ]
    assert len(chosen[1]) == 3 and not chosen[0] & chosen[1]
    assert f'--source {options.out}/labels {second.out}/labels ' in lines[-2]
    with pytest.raises(UserError, match=r'nowhere/chosen.csv: .*--after'):
        propose(replace(second, out=tmp_path / '3', after=(Path('nowhere'),)), landmarker)


def test_more_than_the_folder_has(options: ProposeOptions, landmarker: FaceLandmarker) -> None:
    lines = propose(replace(options, num=500, val=100), landmarker)
    found = DRAWN + 1
    chosen = rows(options.out / 'chosen.csv')
    assert len(chosen) == found
    assert sum(row['copy'].startswith('val/') for row in chosen) == found * 100 // 500
    assert f'note: 500 were asked for and {found} could be had' in lines
    assert json.loads((options.out / 'unlabelled.json').read_text())['annotations'] == []


def test_without_a_schema_the_models_own_points(
    options: ProposeOptions, landmarker: FaceLandmarker
) -> None:
    propose(replace(options, schema=None, num=2, val=0), landmarker)
    source = Source([options.out / 'labels'], options.out / 'scratch')
    assert all(r.points.shape == (68, 2) for r in custom_reader()(source, get_schema('300w68')))


def test_points_that_no_model_knows(
    options: ProposeOptions, landmarker: FaceLandmarker, tmp_path: Path
) -> None:
    schema = tmp_path / 'ears.yml'
    schema.write_text('name: ears\npoints: [left_ear, right_ear]\n')
    options = replace(options, schema=str(schema))
    with pytest.raises(UserError, match=r'ears: nothing says .*"sources".*--no-points'):
        propose(options, landmarker)
    assert not options.out.exists()
    propose(replace(options, guess=False), landmarker)
    label = json.loads(next((options.out / 'labels').rglob('*.json')).read_text())
    assert [shape['shape_type'] for shape in label['shapes']] == ['rectangle']


def test_what_is_there_is_never_touched(
    options: ProposeOptions, landmarker: FaceLandmarker
) -> None:
    options.out.mkdir()
    (options.out / 'my_label.json').write_text('work of an hour')
    with pytest.raises(UserError, match='may hold labels'):
        propose(options, landmarker)
    with pytest.raises(UserError, match='lies inside'):
        propose(replace(options, out=options.folder / 'todo'), landmarker)
    assert (options.out / 'my_label.json').read_text() == 'work of an hour'


def test_no_face_at_all(options: ProposeOptions) -> None:
    with pytest.raises(UserError, match=r'no picture shows a face .*2 no face'):
        propose(replace(options, folder=options.folder / 'bad'), FaceBlind())
    assert not options.out.exists()


class FaceBlind:
    """A landmarker to which nothing is a face."""

    info = FaceLandmarker('fanet_lite_300w', 'whole_image').info
    passes = 1

    def detector(self, image: np.ndarray, name: str) -> FaceBlind:
        self.boxes = np.zeros((0, 4))
        return self

    def look(self, images: list, found: list) -> list[list]:
        return [[] for _ in images]

    def keep_sure(self, faces: list) -> list:
        return faces


@pytest.mark.parametrize(
    ('changes', 'message'),
    [
        ({'num': 0}, '--num 0'),
        ({'val': 5}, 'val smaller'),
        ({'layout': 'voc'}, 'one of labelme, cvat'),
        ({'rule': 'best'}, 'one of spread'),
        ({'min_side': 0}, '--min-side'),
    ],
)
def test_options_that_make_no_sense(options: ProposeOptions, changes: dict, message: str) -> None:
    with pytest.raises(UserError, match=message):
        replace(options, **changes)


def test_pictures_that_differ_in_their_suffix_keep_a_file_each() -> None:
    from fanet_mmpose.labelling.write import copy_names

    copies = copy_names(['x/a.jpg', 'x/a.png', 'a.jpg'], 'train')
    assert copies == {
        'x/a.jpg': 'train/x/a.jpg', 'x/a.png': 'train/x/a_png.png', 'a.jpg': 'train/a.jpg',
    }  # fmt: skip


def test_boxes_of_the_rest_lie_round_ones_own_points(
    options: ProposeOptions, landmarker: FaceLandmarker, drawn_set: Path
) -> None:
    propose(options, landmarker)
    rest = json.loads((options.out / 'unlabelled.json').read_text())
    truth = {
        Path(face.image).name: face
        for face in load_annotations(drawn_set / 'annotations' / 'train.json').values()
    }
    shared = shared_points(get_schema('300w68'), find_schema(options.schema))
    names = {image['id']: Path(image['file_name']).name for image in rest['images']}
    compared = 0
    for annotation in rest['annotations']:
        assert 'keypoints' not in annotation
        if names[annotation['image_id']] not in truth:
            continue
        points = shared(truth[names[annotation['image_id']]].points)
        side = np.ptp(points, axis=0).max()
        assert np.abs(annotation['center'] - (points.min(0) + points.max(0)) / 2).max() < side / 8
        assert 0.8 < annotation['scale'] * 200 / side < 1.25
        compared += 1
    assert compared >= 3
