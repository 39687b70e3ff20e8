"""Every mistake in a dataset gets one sentence that names the file, before the first iteration."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from helpers.tiny_faces import write_project, write_split
from mmengine.config import Config

from fanet_mmpose.engine.configs import load_config
from fanet_mmpose.engine.preflight import check_data, head_num_points, leaf_datasets
from fanet_mmpose.errors import UserError

LOADERS = ('train_dataloader', 'val_dataloader')


@pytest.fixture
def project(tmp_path: Path) -> Config:
    return load_config(write_project(tmp_path, train=4, test=3))


def rewrite(path: Path, change: Callable[[dict], object]) -> None:
    content = json.loads(path.read_text())
    change(content)
    path.write_text(json.dumps(content))


def train_json(cfg: Config) -> Path:
    return Path(cfg.data_root) / 'annotations' / 'train.json'


def picture(cfg: Config, index: int = 2) -> Path:
    return Path(cfg.data_root) / 'images' / f'train_{index}.jpg'


def says(cfg: Config, *parts: str) -> None:
    with pytest.raises(UserError) as caught:
        check_data(cfg, LOADERS)
    sentence = str(caught.value)
    assert '\n' not in sentence
    for part in parts:
        assert part in sentence


def test_a_sound_dataset_passes(project: Config) -> None:
    check_data(project, LOADERS)


def test_missing_data_folder(project: Config) -> None:
    project.train_dataloader.dataset.data_root = 'data/nowhere/'
    says(project, 'data/nowhere:', 'train_dataloader.dataset.data_root', '/is data/nowhere)')


def test_missing_annotation_file(project: Config) -> None:
    train_json(project).unlink()
    says(project, 'train.json', 'missing', 'prepare')


@pytest.mark.parametrize('text', ['', '{"images": [', '\x00\x01'])
def test_annotations_that_are_no_json(project: Config, text: str) -> None:
    train_json(project).write_text(text)
    says(project, 'train.json', 'is not JSON')


@pytest.mark.parametrize('text', ['[]', '{}', '{"images": {}, "annotations": []}'])
def test_json_that_is_no_coco_file(project: Config, text: str) -> None:
    train_json(project).write_text(text)
    says(project, 'train.json', '"images"')


@pytest.mark.parametrize('key', ['images', 'annotations'])
def test_empty_annotation_file(project: Config, key: str) -> None:
    rewrite(train_json(project), lambda content: content[key].clear())
    says(project, 'train.json', f'"{key}" is empty')


def test_annotation_with_the_wrong_number_of_points(project: Config) -> None:
    rewrite(
        train_json(project),
        lambda content: content['annotations'][2]['keypoints'].extend([1, 1, 2]),
    )
    says(project, 'train.json', 'annotation 103', '69 points', '68')


def test_annotation_without_an_image(project: Config) -> None:
    rewrite(train_json(project), lambda content: content['annotations'][1].update(image_id=77))
    says(project, 'annotation 102', 'image_id 77')


def test_missing_images_are_counted(project: Config) -> None:
    picture(project, 2).unlink()
    picture(project, 3).unlink()
    says(project, 'train_2.jpg', 'is missing (and 1 more)', 'of 4 images')


def test_empty_image(project: Config) -> None:
    picture(project).write_bytes(b'')
    says(project, 'train_2.jpg', '0 bytes')


def test_file_that_is_no_picture(project: Config) -> None:
    picture(project).write_text('<html>404</html>')
    says(project, 'train_2.jpg', 'no complete picture')


def test_truncated_jpeg(project: Config) -> None:
    whole = picture(project).read_bytes()
    picture(project).write_bytes(whole[: len(whole) // 2])
    says(project, 'train_2.jpg', 'no complete picture')


def test_jpeg_with_a_tail_is_a_picture(project: Config) -> None:
    picture(project).write_bytes(picture(project).read_bytes() + b'\0' * 9000)
    check_data(project, LOADERS)


def test_validation_data_is_checked_too(project: Config) -> None:
    (Path(project.data_root) / 'images' / 'test_1.jpg').unlink()
    says(project, 'test_1.jpg')
    check_data(project, ('train_dataloader',))


def test_head_of_another_point_set(project: Config) -> None:
    project.model.head.out_channels = 98
    says(
        project,
        'model.head predicts 98 points',
        'train_dataloader.dataset (Face300WDataset) has 68',
    )


def test_unknown_dataset_type(project: Config) -> None:
    project.train_dataloader.dataset.type = 'Face301WDataset'
    says(project, 'Face301WDataset', 'custom_imports')


def nested(cfg: Config) -> None:
    plain = cfg.train_dataloader.dataset
    held = dict(type='HoldOutDataset', held_out=False, dataset=plain)
    cfg.train_dataloader.dataset = dict(
        type='CombinedDataset',
        metainfo=dict(from_file='configs/_base_/datasets/300w.py'),
        datasets=[held],
    )


def test_nested_datasets_are_checked(project: Config) -> None:
    nested(project)
    check_data(project, LOADERS)
    picture(project).unlink()
    says(project, 'train_2.jpg')


def test_keypoint_converter_changes_the_number_of_points(project: Config) -> None:
    nested(project)
    converter = dict(type='KeypointConverter', num_keypoints=5, mapping=[(0, 0)])
    project.train_dataloader.dataset.pipeline = [converter]
    says(project, 'has 5')
    project.model.head.out_channels = 5
    check_data(project, ('train_dataloader',))


def test_leaves_carry_the_transforms_of_their_wrappers() -> None:
    inner = dict(type='A', pipeline=[dict(type='x')])
    outer = dict(type='B', datasets=[dict(type='C', dataset=inner)], pipeline=[dict(type='y')])
    ((leaf, transforms),) = leaf_datasets(outer)
    assert leaf is inner
    assert [step['type'] for step in transforms] == ['x', 'y']


@pytest.mark.parametrize(
    ('head', 'count'),
    [
        (dict(num_keypoints=29), 29),
        (dict(out_channels=19), 19),
        (dict(num_joints=5), 5),
        ({}, None),
    ],
)
def test_number_of_points_by_any_head(head: dict, count: int | None) -> None:
    assert head_num_points(dict(head=head)) == count


def test_a_file_with_another_number_of_points(project: Config) -> None:
    write_split(Path(project.data_root), 'train', 4, num_points=98)
    says(project, 'annotation 101', '98 points', '68')


def test_faces_that_are_drawn_need_no_files(project: Config) -> None:
    project.train_dataloader.dataset = dict(type='SyntheticFaceDataset', schema='cofw29')
    says(project, 'model.head predicts 68 points', 'SyntheticFaceDataset) has 29')
    project.model.head.out_channels = 29
    check_data(project, ('train_dataloader',))
