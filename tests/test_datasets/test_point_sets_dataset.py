"""Faces with several point sets: what is labelled weighs, what is not weighs nothing."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip('mmpose')
from helpers.tiny_faces import write_split  # noqa: E402
from mmengine.registry import DefaultScope  # noqa: E402
from mmpose.registry import DATASETS  # noqa: E402

import fanet_mmpose.plugin  # noqa: E402, F401

SETS = ['300w68', 'wflw98']


@pytest.fixture
def part(tmp_path: Path) -> dict:
    """Two faces with 68 points; the first has 98 as well, one of them without a label."""
    path = write_split(tmp_path, 'train', 2)
    content = json.loads(path.read_text())
    points = np.column_stack([np.arange(98.0), np.full(98, 7.0), np.full(98, 2.0)])
    points[3, 2] = 0
    label = dict(keypoints=points.ravel().tolist(), point_weights=[0.5] * 98)
    content['annotations'][0]['point_sets'] = dict(wflw98=label)
    path.write_text(json.dumps(content))
    return dict(
        type='PointSetsFaceDataset',
        sets=SETS,
        data_root=str(tmp_path),
        data_prefix=dict(img='images/'),
        ann_file='annotations/train.json',
    )


def test_both_sets_stand_one_after_the_other(part: dict) -> None:
    first, second = (DATASETS.build(dict(part, pipeline=[])).get_data_info(i) for i in (0, 1))
    assert first['keypoints'].shape == second['keypoints'].shape == (1, 166, 2)
    np.testing.assert_array_equal(first['keypoints'][0, 68:72, 0], [0, 1, 2, 3])
    weights = first['keypoints_visible'][0, :, 1]
    assert (weights[:68] == 1).all()
    np.testing.assert_array_equal(weights[68:72], [0.5, 0.5, 0.5, 0])
    assert not second['keypoints_visible'][0, 68:, 1].any()


def test_flipped_points_change_places_within_their_set(part: dict) -> None:
    pipeline = [
        dict(type='LoadImage'),
        dict(type='GetBBoxCenterScale'),
        dict(type='RandomFlip', direction='horizontal', prob=1.0),
    ]
    joined = dict(type='PointSetsDataset', sets=SETS, datasets=[dict(part)], pipeline=pipeline)
    plain = dict(joined, pipeline=pipeline[:2])
    with DefaultScope.overwrite_default_scope('mmpose'):
        flipped, straight = DATASETS.build(joined)[0], DATASETS.build(plain)[0]
        order = DATASETS.build(plain).metainfo['flip_indices']
    width = straight['img'].shape[1]
    mirrored = width - 1 - straight['keypoints'][0, :, 0]
    np.testing.assert_allclose(flipped['keypoints'][0, :, 0], mirrored[order])
