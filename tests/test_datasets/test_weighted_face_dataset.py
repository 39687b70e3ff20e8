"""A weight and a visibility for each point, from the file to the codec's targets."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip('mmpose')
from helpers.tiny_faces import write_split  # noqa: E402

from fanet_mmpose.datasets.random_occlusion import RandomOcclusion  # noqa: E402
from fanet_mmpose.datasets.weighted_face_dataset import WeightedFaceDataset  # noqa: E402


def dataset(folder: Path, occlusion: bool) -> WeightedFaceDataset:
    path = write_split(folder, 'train', 2)
    content = json.loads(path.read_text())
    content['annotations'][0]['point_weights'] = [0.5] * 68
    for face in content['annotations']:
        face['keypoints'][2] = 0  # the first point is not annotated
        face['keypoints'][5] = 1  # the second is hidden
    path.write_text(json.dumps(content))
    return WeightedFaceDataset(
        occlusion=occlusion,
        data_root=str(folder),
        data_prefix=dict(img='images/'),
        ann_file='annotations/train.json',
        pipeline=[],
    )


def test_weights_and_hidden_points(tmp_path: Path) -> None:
    first, second = (dataset(tmp_path, True).get_data_info(i) for i in (0, 1))
    seen, weights = np.moveaxis(first['keypoints_visible'][0], -1, 0)
    np.testing.assert_array_equal(seen[:3], [0, 0, 1])
    np.testing.assert_array_equal(weights[:3], [0, 0.5, 0.5])
    np.testing.assert_array_equal(second['keypoints_visible'][0, :3, 1], [0, 1, 1])


def test_a_set_without_occlusion_flags_hides_nothing(tmp_path: Path) -> None:
    info = dataset(tmp_path, False).get_data_info(0)
    np.testing.assert_array_equal(info['keypoints_visible'][0, :3, 0], [0, 1, 1])


def test_covered_points_are_hidden_and_keep_their_weight() -> None:
    np.random.seed(0)
    points = np.random.default_rng(0).uniform(0, 64, (1, 400, 2))
    results = dict(
        img=np.zeros((64, 64, 3), np.uint8),
        transformed_keypoints=points,
        keypoints_visible=np.ones((1, 400, 2), np.float32),
    )
    done = RandomOcclusion(prob=1.0, size=(0.3, 0.5)).transform(results)
    hidden = done['keypoints_visible'][0, :, 0] == 0
    assert 10 < hidden.sum() < 200
    assert (done['keypoints_visible'][..., 1] == 1).all()
    low, high = points[0][hidden].min(0), points[0][hidden].max(0)
    inside = ((points[0] > low) & (points[0] < high)).all(1)
    assert hidden[inside].all()  # a rectangle
