"""Faces without points look like labelled ones to all that follows, and no label is ever read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from helpers.tiny_faces import write_project, write_split
from mmpose.registry import DATASETS
from PIL import Image

import fanet_mmpose.plugin  # noqa: F401
from fanet_mmpose.datasets.unlabelled_face_dataset import UnlabelledFaceDataset, picture_size
from fanet_mmpose.engine.configs import load_config
from fanet_mmpose.engine.preflight import check_data
from fanet_mmpose.errors import UserError

COUNT = 5
CODEC = dict(type='LocalCoordinateLabel', input_size=(64, 64), stride=4)
PIPELINE = [
    dict(type='LoadFaceCrop', size=96),
    dict(type='GetBBoxCenterScale'),
    dict(type='RandomFlip', prob=1.0, direction='horizontal'),
    dict(type='TopdownAffine', input_size=(64, 64)),
    dict(type='GenerateTarget', encoder=CODEC),
    dict(type='PackPoseInputs'),
]


pytestmark = pytest.mark.usefixtures('mmpose_scope')


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write_split(tmp_path, 'train', COUNT)
    return tmp_path


def change(root: Path, edit: Any, name: str = 'changed') -> str:
    content = json.loads((root / 'annotations' / 'train.json').read_text())
    for number, annotation in enumerate(content['annotations']):
        edit(number, annotation)
    (root / 'annotations' / f'{name}.json').write_text(json.dumps(content))
    return f'annotations/{name}.json'


def build(root: Path, ann_file: str = 'annotations/train.json', **options: Any) -> Any:
    fields = dict(
        type='UnlabelledFaceDataset',
        data_root=str(root),
        data_prefix=dict(img='images/'),
        ann_file=ann_file,
    )
    return DATASETS.build({**fields, **options})


def test_samples_have_the_fields_of_labelled_ones(root: Path) -> None:
    blank = build(root).get_data_info(2)
    labelled = build(root, type='Face300WDataset').get_data_info(2)
    assert blank.keys() == labelled.keys()
    for name, value in labelled.items():
        if isinstance(value, np.ndarray):
            assert (blank[name].shape, blank[name].dtype) == (value.shape, value.dtype), name
        else:
            assert type(blank[name]) is type(value), name
    for name in ('bbox', 'bbox_center', 'bbox_scale', 'img_path', 'flip_indices'):
        np.testing.assert_array_equal(blank[name], labelled[name])
    assert not blank['keypoints_visible'].any()


def test_a_file_without_points_gives_the_same_samples(root: Path) -> None:
    def drop(_: int, annotation: dict) -> None:
        del annotation['keypoints'], annotation['num_keypoints']

    with_points, without = build(root), build(root, change(root, drop))
    assert len(with_points) == len(without) == COUNT
    for first, second in zip(with_points, without, strict=True):
        assert first.keys() == second.keys()
        for name in first.keys() - {'dataset'}:
            np.testing.assert_array_equal(first[name], second[name])


def test_every_weight_of_the_target_is_zero(root: Path) -> None:
    sample = build(root, pipeline=PIPELINE)[0]
    labels = sample['data_samples'].gt_instance_labels
    assert labels.keypoint_weights.shape == (1, 68)
    assert not labels.keypoint_weights.any()
    assert np.isfinite(labels.keypoint_offsets.numpy()).all()
    assert sample['inputs'].shape == (3, 64, 64)


def test_it_is_combined_with_labelled_faces(root: Path) -> None:
    parts = [
        dict(
            type=kind,
            data_root=str(root),
            data_prefix=dict(img='images/'),
            ann_file='annotations/train.json',
        )
        for kind in ('Face300WDataset', 'UnlabelledFaceDataset')
    ]
    both = DATASETS.build(
        dict(
            type='CombinedDataset',
            metainfo=dict(from_file='configs/_base_/datasets/300w.py'),
            datasets=parts,
            pipeline=PIPELINE,
        )
    )
    samples = [both[index]['data_samples'] for index in range(len(both))]
    weights = [sample.gt_instance_labels.keypoint_weights.sum() for sample in samples]
    assert len(weights) == 2 * COUNT
    assert min(weights[:COUNT]) > 0 and max(weights[COUNT:]) == 0


def test_a_folder_of_pictures_is_enough(tmp_path: Path) -> None:
    (tmp_path / 'deep' / 'er').mkdir(parents=True)
    cv2.imwrite(str(tmp_path / 'b.png'), np.zeros((60, 80, 3), np.uint8))
    cv2.imwrite(str(tmp_path / 'deep' / 'er' / 'a.jpg'), np.zeros((50, 40, 3), np.uint8))
    (tmp_path / 'notes.txt').write_text('no picture')
    dataset = build(tmp_path, '', data_prefix=dict(img=''), share=0.5, schema=10)
    assert [Path(dataset[i]['img_path']).name for i in range(len(dataset))] == ['b.png', 'a.jpg']
    np.testing.assert_array_equal(dataset[0]['bbox_center'], [[39.5, 29.5]])
    np.testing.assert_array_equal(dataset[0]['bbox_scale'], [[40, 40]])
    assert dataset[1]['keypoints'].shape == (1, 10, 2)
    assert dataset.metainfo['flip_indices'] == list(range(10))


def test_points_of_your_own_may_be_a_file(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / 'a.png'), np.zeros((60, 80, 3), np.uint8))
    schema = tmp_path / 'unlabelled_pair.yaml'
    schema.write_text('name: unlabelled_pair\npoints: [a, b]\nflip_pairs: [[a, b]]\n')
    for _ in range(2):  # two datasets of one training
        dataset = build(tmp_path, '', data_prefix=dict(img=''), schema=str(schema))
    assert dataset.metainfo['flip_indices'] == [1, 0]


def test_the_size_is_of_the_turned_picture(tmp_path: Path) -> None:
    path, exif = tmp_path / 'turned.jpg', Image.Exif()
    exif[0x0112] = 6
    Image.new('RGB', (30, 20)).save(path, exif=exif)
    assert picture_size(path) == (20, 30) == cv2.imread(str(path)).shape[1::-1]


def test_share_scales_the_box_about_its_middle(root: Path) -> None:
    whole, half = build(root).get_data_info(0), build(root, share=0.5).get_data_info(0)
    np.testing.assert_array_equal(whole['bbox_center'], half['bbox_center'])
    np.testing.assert_allclose(whole['bbox_scale'], 2 * half['bbox_scale'])


def test_another_box_is_read_and_faces_without_it_are_left_out(root: Path) -> None:
    def detect(number: int, annotation: dict) -> None:
        annotation['bbox_detector'] = None if number == 1 else [10, 20, 30, 40]

    dataset = build(root, change(root, detect), box_field='bbox_detector')
    assert len(dataset) == COUNT - 1
    np.testing.assert_array_equal(dataset[0]['bbox'], [[5, 20, 45, 60]])


def test_a_box_alone_is_enough(root: Path) -> None:
    def drop(_: int, annotation: dict) -> None:
        del annotation['center'], annotation['scale']

    np.testing.assert_array_equal(build(root, change(root, drop))[0]['bbox'], [[8, 8, 56, 56]])


@pytest.mark.parametrize('value', [None, [1, 2], [1, 2, 'x', 4], [1, 2, 0, 0]])
def test_a_bad_box_is_said_in_one_sentence(root: Path, value: Any) -> None:
    name = change(root, lambda _, a: a.update(face=value))
    with pytest.raises(UserError, match=r'changed\.json: (annotation 101 has|no face has)'):
        build(root, name, box_field='face')


def test_a_missing_field_names_the_way_out(root: Path) -> None:
    with pytest.raises(UserError, match='annotation 101.*bbox_rect.*detect_boxes'):
        build(root, box_field='bbox_rect')


def test_bad_pictures_and_shares_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match='no picture in this folder'):
        build(tmp_path, '', data_prefix=dict(img=''))
    (tmp_path / 'broken.jpg').write_bytes(b'no picture')
    with pytest.raises(UserError, match='broken.jpg: cannot be read'):
        build(tmp_path, '', data_prefix=dict(img=''))
    with pytest.raises(UserError, match='share is 0'):
        UnlabelledFaceDataset(share=0)


def test_the_check_before_a_training_asks_for_no_points(tmp_path: Path) -> None:
    cfg = load_config(write_project(tmp_path, train=4, test=3))
    cfg.train_dataloader.dataset.type = 'UnlabelledFaceDataset'
    change(tmp_path / 'data', lambda _, a: a.pop('keypoints'), name='train')
    check_data(cfg, ('train_dataloader',))
    next((tmp_path / 'data' / 'images').glob('train_*')).unlink()
    with pytest.raises(UserError, match='is missing'):
        check_data(cfg, ('train_dataloader',))
