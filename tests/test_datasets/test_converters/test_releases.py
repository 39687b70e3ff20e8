"""The official formats, converted: every coordinate, box, attribute and file name."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from fanet_mmpose.datasets.converters.specs import SPECS
from fanet_mmpose.geometry.schemas import get_schema
from tests.helpers.tiny_releases import (
    NAMES,
    WFLW_RECT,
    photograph,
    read_annotations,
    toy_face,
)

Convert = Callable[[str], Path]

# First image of each release that the seeds of `tiny_releases` put into the test split, and the
# seed it was drawn with.
_TEST_FACES = {
    'wflw': ('face_landmarks_wflw_test', 8),
    'cofw': ('cofw_test', 8),
    'aflw': ('face_landmarks_aflw_test', 3),
    '300w': ('face_landmarks_300w_valid', 9),
    'lapa': ('lapa_test', 4),
}


def points_of(annotation: dict) -> np.ndarray:
    return np.array(annotation['keypoints']).reshape(-1, 3)


def ids_of(root: Path, name: str) -> set[int]:
    return {annotation['id'] for annotation in read_annotations(root, name)['annotations']}


@pytest.mark.parametrize('name', NAMES)
def test_points_are_zero_based(name: str, convert: Convert) -> None:
    # COFW, AFLW and 300W count from 1, and were written so; what comes out is what was drawn.
    stock, seed = _TEST_FACES[name]
    drawn = toy_face(get_schema(SPECS[name].schema), seed)
    annotation = read_annotations(convert(name), stock)['annotations'][0]
    np.testing.assert_allclose(points_of(annotation)[:, :2], drawn, atol=2e-4)


@pytest.mark.parametrize('name', NAMES)
def test_the_first_pixel_is_zero(name: str, convert: Convert) -> None:
    # An image's corner pixels are what the release's corner pixels were.
    root = convert(name)
    coco = read_annotations(root, 'test')
    entry = next(
        image for image in coco['images'] if image['id'] == coco['annotations'][0]['image_id']
    )
    written = cv2.imread(str(root / entry['file_name']))
    assert written.shape[:2] == (entry['height'], entry['width'])
    drawn = photograph(_TEST_FACES[name][1])
    if name == 'cofw':
        drawn = np.repeat(drawn[..., 1:2], 3, axis=2)  # its first test image is grey
    assert np.abs(written.astype(int) - drawn).mean() < 4  # JPEG


@pytest.mark.parametrize('name', NAMES)
def test_stock_files_hold_the_official_splits(name: str, convert: Convert) -> None:
    root = convert(name)
    present = {path.stem for path in (root / 'annotations').glob('*.json')}
    private = {'face_landmarks_300w_test'}  # the challenge's own images are not in the tiny one
    empty = {f'face_landmarks_wflw_test_{s}' for s in ('largepose', 'expression')}
    assert set(SPECS[name].stock_files) - private - empty <= present
    train, val = ids_of(root, 'train'), ids_of(root, 'val')
    assert train and val and not train & val
    stock_train = next(s for s in SPECS[name].stock_files if s.endswith('_train'))
    assert ids_of(root, stock_train) == (train if name == 'lapa' else train | val)


def test_wflw_keeps_rectangle_and_attributes(convert: Convert) -> None:
    root = convert('wflw')
    annotations = read_annotations(root, 'face_landmarks_wflw_train')['annotations']
    x1, y1, x2, y2 = WFLW_RECT
    assert annotations[0]['bbox_rect'] == [x1, y1, x2 - x1, y2 - y1]
    assert [a['pose'] for a in annotations[:2]] == [1, 0]
    assert [a['expression'] for a in annotations[:2]] == [0, 1]
    makeup = read_annotations(root, 'face_landmarks_wflw_test_makeup')['annotations']
    assert [a['makeup'] for a in makeup] == [1]


def test_wflw_faces_of_one_photograph_share_an_image(convert: Convert) -> None:
    coco = read_annotations(convert('wflw'), 'face_landmarks_wflw_train')
    assert coco['annotations'][0]['image_id'] == coco['annotations'][1]['image_id']
    assert len(coco['images']) == len(coco['annotations']) - 1


def test_cofw_keeps_occlusion_and_takes_the_release_s_box(convert: Convert) -> None:
    annotation = read_annotations(convert('cofw'), 'cofw_test')['annotations'][0]
    flags = points_of(annotation)[:, 2]
    assert flags[3] == 1 and (np.delete(flags, 3) == 2).all()
    assert annotation['bbox'] == annotation['bbox_rect'] == [10.0, 8.0, 78.0, 82.0]
    assert annotation['bbox'] != annotation['bbox_points']


def test_aflw_splits_by_ra_and_knows_the_frontal_part(convert: Convert) -> None:
    root = convert('aflw')
    full = read_annotations(root, 'face_landmarks_aflw_test')
    # ra runs backwards: the last four of it are the first four faces of the file.
    files = {image['file_name'] for image in full['images']}
    assert files == {f'flickr/{(0, 2, 3, 0)[i]}/image{i:05d}.jpg' for i in range(4)}
    frontal = read_annotations(root, 'face_landmarks_aflw_test_frontal')['annotations']
    assert len(frontal) == 2 and all((points_of(a)[:, 2] == 2).all() for a in frontal)
    assert full['annotations'][0]['box_size'] == 80.0
    assert full['annotations'][0]['scale'] == 80.0 / 200
    assert full['annotations'][0]['bbox'] == [10.0, 8.0, 80.0, 80.0]


def test_300w_subsets_sources_and_detector_boxes(convert: Convert) -> None:
    root = convert('300w')
    train = read_annotations(root, 'face_landmarks_300w_train')['annotations']
    assert {a['source'] for a in train} == {'helen_train', 'lfpw_train', 'afw'}
    common = read_annotations(root, 'face_landmarks_300w_valid_common')['annotations']
    assert [a['source'] for a in common] == ['helen_test', 'helen_test', 'lfpw_test']
    challenge = read_annotations(root, 'face_landmarks_300w_valid_challenge')
    assert [a['subset'] for a in challenge['annotations']] == ['challenging'] * 2
    assert challenge['annotations'][0]['bbox_rect'] == [10.0, 8.0, 78.0, 82.0]
    assert 'bbox_rect' not in challenge['annotations'][1]
    assert any(' ' in image['file_name'] for image in challenge['images'])


def test_lapa_keeps_its_own_folders(convert: Convert) -> None:
    coco = read_annotations(convert('lapa'), 'lapa_trainval')
    assert {image['file_name'].split('/')[0] for image in coco['images']} == {'train', 'val'}
    assert not (convert('lapa') / 'annotations' / 'val_split.txt').exists()


@pytest.mark.parametrize('name', ['wflw', 'cofw', 'aflw', '300w'])
def test_val_list_names_exactly_the_val_images(name: str, convert: Convert) -> None:
    root = convert(name)
    header, *names = (root / 'annotations' / 'val_split.txt').read_text().splitlines()
    assert header.startswith('#') and 'seed 0' in header
    image_dir = SPECS[name].image_dir
    val = [image['file_name'] for image in read_annotations(root, 'val')['images']]
    assert [image_dir + n for n in names] == val


@pytest.mark.parametrize('name', NAMES)
def test_boxes_agree_with_the_points(name: str, convert: Convert) -> None:
    for annotation in read_annotations(convert(name), 'train')['annotations']:
        points = points_of(annotation)[:, :2]
        x, y, w, h = annotation['bbox_points']
        np.testing.assert_allclose([x, y], points.min(axis=0), atol=1e-3)
        np.testing.assert_allclose([x + w, y + h], points.max(axis=0), atol=1e-3)
        x, y, w, h = annotation['bbox']
        np.testing.assert_allclose(annotation['center'], [x + w / 2, y + h / 2], atol=1e-3)
        assert annotation['scale'] * 200 == pytest.approx(max(w, h), abs=1e-3)


@pytest.mark.parametrize('name', NAMES)
def test_nothing_is_quarantined_and_everything_is_shown(name: str, convert: Convert) -> None:
    root = convert(name)
    with (root / 'quarantine.csv').open() as stream:
        assert list(csv.DictReader(stream)) == []
    sheet = cv2.imread(str(root / 'contact_sheet.png'))
    assert sheet.shape == (960, 1920, 3)
    assert sheet.reshape(-1, 3).std(axis=0).min() > 10
