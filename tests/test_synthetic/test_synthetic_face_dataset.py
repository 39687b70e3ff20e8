"""The registered data set: format, determinism over workers, epochs, bad arguments."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from mmengine.dataset import pseudo_collate
from mmengine.registry import init_default_scope
from mmpose.datasets import CombinedDataset
from mmpose.registry import DATASETS
from torch.utils.data import DataLoader

import fanet_mmpose.plugin  # noqa: F401
from fanet_mmpose.errors import UserError
from fanet_mmpose.geometry.schemas import get_schema
from fanet_mmpose.synthetic.fresh_faces_hook import FreshFacesHook, synthetic_parts
from fanet_mmpose.synthetic.synthetic_face_dataset import SyntheticFaceDataset

SCHEMAS = {'wflw98': 98, '300w68': 68, 'cofw29': 29, 'aflw19': 19}
PIPELINE = [
    dict(type='LoadImage'),
    dict(type='GetBBoxCenterScale'),
    dict(type='RandomFlip', prob=1.0),
    dict(type='TopdownAffine', input_size=(64, 64)),
    dict(
        type='GenerateTarget',
        encoder=dict(type='MSRAHeatmap', input_size=(64, 64), heatmap_size=(16, 16), sigma=1.5),
    ),
    dict(type='PackPoseInputs'),
]


@pytest.fixture(autouse=True)
def _mmpose_scope() -> None:
    init_default_scope('mmpose')


def make(**kwargs) -> SyntheticFaceDataset:
    """A small data set through the registry."""
    return DATASETS.build(
        dict(type='SyntheticFaceDataset', **{'num_samples': 4, 'image_size': 96, **kwargs})
    )


@pytest.mark.parametrize(('schema', 'count'), SCHEMAS.items())
def test_sample_has_the_stock_fields(schema: str, count: int) -> None:
    dataset = make(schema=schema, test_mode=schema == 'aflw19')
    sample = dataset[2]
    assert len(dataset) == 4
    assert sample['keypoints'].shape == (1, count, 2)
    assert sample['keypoints'].dtype == np.float32
    np.testing.assert_array_equal(sample['keypoints_visible'], np.ones((1, count)))
    assert sample['img'].shape == (96, 96, 3)
    assert sample['dataset_name'] == get_schema(schema).dataset_name
    assert sample['flip_indices'] == get_schema(schema).flip_indices.tolist()
    assert ('bbox_center' in sample) == (schema != 'cofw29')
    assert ('raw_ann_info' in sample) == (schema == 'cofw29')
    assert ('box_size' in sample) == (schema == 'aflw19')


@pytest.mark.parametrize('with_visibility', [False, True])
def test_mmpose_pipeline_accepts_samples(with_visibility: bool) -> None:
    sample = make(pipeline=PIPELINE, with_visibility=with_visibility)[1]
    assert sample['inputs'].shape == (3, 64, 64)
    heatmaps = sample['data_samples'].gt_fields.heatmaps
    assert heatmaps.shape == (68, 16, 16)
    assert (heatmaps.amax(dim=(1, 2)) > 0.5).float().mean() > 0.95


def test_visibility_is_seen_and_labelled() -> None:
    dataset = make(num_samples=12, with_visibility=True, variety=dict(yaw=80, occluder=1.0))
    flags = np.concatenate([dataset[i]['keypoints_visible'] for i in range(12)])
    assert flags.shape == (12, 68, 2)
    assert (flags[..., 1] == 1).all()
    assert 0.4 < flags[..., 0].mean() < 0.99


def test_workers_draw_the_same_faces() -> None:
    dataset = make()
    loader = DataLoader(dataset, batch_size=2, num_workers=2, collate_fn=pseudo_collate)
    images = [image for batch in loader for image in batch['img']]
    for index, image in enumerate(images):
        np.testing.assert_array_equal(image, dataset[index]['img'])


def test_fresh_faces_each_epoch_reach_living_workers() -> None:
    parts = [
        dict(type='SyntheticFaceDataset', num_samples=4, image_size=96, fresh_each_epoch=fresh)
        for fresh in (True, False)
    ]
    both = CombinedDataset(get_schema('300w68').to_metainfo(), parts)
    loader = DataLoader(
        both, batch_size=1, num_workers=1, persistent_workers=True, collate_fn=pseudo_collate
    )
    pictures = []
    for epoch in range(2):
        runner = SimpleNamespace(train_dataloader=loader, epoch=epoch)
        FreshFacesHook().before_train_epoch(runner)
        pictures.append(np.stack([batch['img'][0] for batch in loader]))
    assert (pictures[0][:4] != pictures[1][:4]).any(axis=(1, 2, 3)).all()
    np.testing.assert_array_equal(pictures[0][4:], pictures[1][4:])
    assert [part.fresh_each_epoch for part in synthetic_parts(both)] == [True, False]


@pytest.mark.parametrize(
    ('wrong', 'sentence'),
    [
        (dict(num_samples=0), 'num_samples of at least 1'),
        (dict(seed=-1), 'seed of at least 0'),
        (dict(image_size=8), 'image_size must be 32 to 512'),
        (dict(schema='wflw99'), 'wflw99'),
        (dict(schema='lapa106'), 'no conversion'),
        (dict(variety=dict(hair=1)), 'variety has no "hair"'),
    ],
)
def test_wrong_arguments_are_named(wrong: dict, sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        make(**wrong)
