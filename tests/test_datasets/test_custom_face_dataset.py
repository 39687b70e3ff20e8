"""Datasets of one's own points, alone and beside unlabelled faces."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

pytest.importorskip('mmpose')
from mmpose.datasets.samplers import MultiSourceSampler  # noqa: E402
from mmpose.registry import DATASETS  # noqa: E402

import fanet_mmpose.plugin  # noqa: E402, F401
from fanet_mmpose.errors import UserError  # noqa: E402
from fanet_mmpose.geometry.schemas import get_schema, schema_of_dataset  # noqa: E402

FACES = 3
SCHEMA = 'name: {name}\npoints: [left, right, nose]\nflip_pairs: [[left, right]]\n'


pytestmark = pytest.mark.usefixtures('mmpose_scope')


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """`FACES` pictures, labelled in own.json and boxed in rest.json; the points in own.yml."""
    (tmp_path / 'own.yml').write_text(SCHEMA.format(name='own_three'))
    images = [dict(id=i, file_name=f'{i}.png', width=32, height=32) for i in range(FACES)]
    for image in images:
        cv2.imwrite(str(tmp_path / image['file_name']), np.full((32, 32, 3), 9, np.uint8))
    shared = dict(category_id=1, iscrowd=0, bbox=[4, 4, 20, 20], area=400.0)
    shared |= dict(center=[14.0, 14.0], scale=0.1)
    points = [4.0, 4, 2, 24, 4, 2, 0, 0, 0]
    boxes = [dict(id=i, image_id=i, num_keypoints=0, **shared) for i in range(FACES)]
    labelled = [dict(box, keypoints=points, num_keypoints=2) for box in boxes]
    categories = [dict(id=1, name='face')]
    for name, faces in (('own', labelled), ('rest', boxes)):
        content = dict(images=images, annotations=faces, categories=categories)
        (tmp_path / f'{name}.json').write_text(json.dumps(content))
    return tmp_path


def own(root: Path, **changes: object) -> dict:
    return dict(type='CustomFaceDataset', data_root=f'{root}/', data_prefix=dict(img=''),
                ann_file='own.json', **changes)  # fmt: skip


def rest(root: Path, **changes: object) -> dict:
    return dict(type='UnlabelledFaceDataset', ann_file=str(root / 'rest.json'),
                data_prefix=dict(img=f'{root}/'), **changes)  # fmt: skip


def test_the_points_are_those_of_the_file(root: Path) -> None:
    dataset = DATASETS.build(own(root, schema=str(root / 'own.yml')))
    assert dataset.metainfo['flip_indices'] == [1, 0, 2]
    assert schema_of_dataset(dataset.metainfo['dataset_name']).num_points == 3
    sample = dataset[0]
    np.testing.assert_array_equal(sample['keypoints'][0], [[4, 4], [24, 4], [0, 0]])
    np.testing.assert_array_equal(sample['keypoints_visible'][0], [1, 1, 0])


def test_a_known_name_does_as_well(root: Path) -> None:
    dataset = DATASETS.build(own(root, schema='mtfl5', lazy_init=True))
    assert dataset.metainfo['num_keypoints'] == get_schema('mtfl5').num_points


def test_labelled_and_unlabelled_share_points_and_a_batch(root: Path) -> None:
    dataset = DATASETS.build(
        dict(type='PartlyLabelledDataset', schema=str(root / 'own.yml'), labelled=own(root),
             unlabelled=rest(root))
    )  # fmt: skip
    assert dataset.lens == [FACES, FACES]
    assert dataset.metainfo['flip_indices'] == [1, 0, 2]
    blank = dataset[FACES]
    assert blank['keypoints'].shape == (1, 3, 2) and not blank['keypoints_visible'].any()
    assert blank['flip_indices'] == [1, 0, 2]
    sampler = MultiSourceSampler(dataset, 3, [1, 2], seed=0)
    batch = [index for index, _ in zip(sampler, range(3), strict=False)]
    assert sorted(index >= FACES for index in batch) == [False, True, True]


def test_what_is_missing_is_said_in_a_sentence(root: Path) -> None:
    broken = dict(type='PartlyLabelledDataset', schema=str(root / 'own.yml'))
    parts = dict(labelled=own(root), unlabelled=rest(root))
    parts['unlabelled']['ann_file'] = str(root / 'gone.json')
    with pytest.raises(UserError, match=r'gone.json: .*train_dataloader.dataset.unlabelled'):
        DATASETS.build({**broken, **parts})
    (root / '1.png').unlink()
    with pytest.raises(UserError, match='1.png: is missing'):
        DATASETS.build(dict(broken, labelled=own(root), unlabelled=rest(root)))
    with pytest.raises(UserError, match='nowhere.yml: cannot read this schema'):
        DATASETS.build(own(root, schema='nowhere.yml'))
