"""The speed command measures what it says, on data that means what it says."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from fanet_mmpose.datasets.converters import build_crops
from fanet_mmpose.errors import UserError

pytest.importorskip('mmpose')
pytest.importorskip('skimage')

from mmengine import DefaultScope  # noqa: E402
from mmpose.datasets import build_dataset  # noqa: E402

from projects.speed.dataloading_speed import (  # noqa: E402
    images_per_second,
    stock_pipeline,
    write_demo_photographs,
)

SIZE = 128


@pytest.fixture(scope='module')
def roots(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Demo photographs and their crops."""
    root = write_demo_photographs(tmp_path_factory.mktemp('demo') / 'faces', 1024, count=4)
    return root, build_crops(root, SIZE)


def network_inputs(root: Path) -> list[dict]:
    """Samples as the network sees them, without augmentation."""
    names = [f'kpt-{i}' for i in range(5)]
    infos = {i: dict(name=n, id=i, color=[0] * 3, type='', swap='') for i, n in enumerate(names)}
    wanted = ('LoadImage', 'GetBBoxCenterScale', 'TopdownAffine')
    config = dict(
        type='Face300WDataset',
        data_root=str(root),
        ann_file='annotations/train.json',
        data_prefix=dict(img=''),
        metainfo=dict(dataset_name='demo', keypoint_info=infos, skeleton_info={},
                      joint_weights=[1.0] * 5, sigmas=[]),
        pipeline=[step for step in stock_pipeline(SIZE) if step['type'] in wanted],
    )  # fmt: skip
    with DefaultScope.overwrite_default_scope('mmpose'):
        dataset = build_dataset(config)
    return [dataset[i] for i in range(len(dataset))]


def test_the_network_sees_the_same_from_photographs_and_crops(roots: tuple[Path, Path]) -> None:
    for whole, crop in zip(*map(network_inputs, roots), strict=True):
        np.testing.assert_allclose(
            crop['transformed_keypoints'], whole['transformed_keypoints'], atol=0.25
        )
        difference = np.abs(crop['img'].astype(int) - whole['img'])
        assert difference.mean() < 8  # the crop is antialiased, the photograph is not
        assert crop['ori_shape'][0] < whole['ori_shape'][0] / 2


def test_speed_is_a_rate(roots: tuple[Path, Path]) -> None:
    rates = [images_per_second(root, SIZE, faces=4) for root in roots]
    assert all(0 < rate < 1e5 for rate in rates)
    assert rates[1] > rates[0]


def test_missing_annotations(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r'no annotations/train\.json'):
        images_per_second(tmp_path, SIZE)


def test_demo_points_lie_on_the_face(roots: tuple[Path, Path]) -> None:
    # Both eyes are darker than the cheeks below them.
    root = roots[0]
    annotation = json.loads((root / 'annotations' / 'train.json').read_text())['annotations'][0]
    grey = cv2.imread(str(root / '0.jpg'), cv2.IMREAD_GRAYSCALE).astype(float)
    points = np.array(annotation['keypoints']).reshape(5, 3)[:, :2].astype(int)
    for x, y in points[:2]:
        eye, cheek = (grey[y + d - 8 : y + d + 8, x - 8 : x + 8].mean() for d in (0, 50))
        assert eye < cheek - 20
