"""RandomOcclusion, RandomDegradation, LoadOcclusion: what changes, what must not."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip('mmpose')
from mmpose.datasets.transforms import RandomFlip  # noqa: E402

from fanet_mmpose.datasets.load_occlusion import LoadOcclusion  # noqa: E402
from fanet_mmpose.datasets.random_degradation import RandomDegradation  # noqa: E402
from fanet_mmpose.datasets.random_occlusion import RandomOcclusion  # noqa: E402


def sample() -> dict:
    image = np.random.default_rng(0).integers(0, 256, (64, 48, 3), dtype=np.uint8)
    return dict(img=image, keypoints=np.ones((1, 5, 2)))


@pytest.mark.parametrize('transform', [RandomOcclusion, RandomDegradation])
def test_changes_a_copy_of_the_picture_and_nothing_else(transform: type) -> None:
    np.random.seed(0)
    changed = 0
    for _ in range(40):
        before = sample()
        kept = before['img']
        after = transform(prob=1.0)(before)
        assert after['img'].shape == kept.shape
        assert after['img'].dtype == np.uint8
        assert (kept == sample()['img']).all()
        assert (after['keypoints'] == 1).all()
        changed += bool((after['img'] != kept).any())
    assert changed > 30


@pytest.mark.parametrize('transform', [RandomOcclusion, RandomDegradation])
def test_probability_and_seed_rule(transform: type) -> None:
    assert (transform(prob=0.0)(sample())['img'] == sample()['img']).all()
    pictures = []
    for _ in range(2):
        np.random.seed(7)
        pictures.append(transform(prob=1.0)(sample())['img'])
    assert (pictures[0] == pictures[1]).all()


def test_the_covered_part_is_one_rectangle_of_bounded_size() -> None:
    np.random.seed(1)
    for _ in range(40):
        after = RandomOcclusion(prob=1.0, size=(0.1, 0.3))(sample())['img']
        rows, columns = np.nonzero((after != sample()['img']).any(-1))
        if len(rows):
            assert np.ptp(rows) < 0.3 * 64
            assert np.ptp(columns) < 0.3 * 48


def test_hidden_points_keep_their_weight_and_follow_a_flip() -> None:
    flags = [2, 1, 0, 2, 1]
    keypoints = [[10.0 * i, 5.0, flag] for i, flag in enumerate(flags)]
    results = dict(
        raw_ann_info=dict(keypoints=np.ravel(keypoints).tolist()),
        keypoints=np.array(keypoints)[None, :, :2],
        flip_indices=[4, 3, 2, 1, 0],
        img_shape=(48, 64),
        img=np.zeros((48, 64, 3), np.uint8),
        bbox=np.array([[0.0, 0, 40, 10]]),
        bbox_center=np.array([[20.0, 5]]),
    )
    seen = LoadOcclusion()(results)['keypoints_visible']
    assert seen[0].tolist() == [[1, 1], [0, 1], [0, 0], [1, 1], [0, 1]]
    flipped = RandomFlip(prob=1.0, direction='horizontal')(results)['keypoints_visible']
    assert flipped[0].tolist() == [[0, 1], [1, 1], [0, 0], [0, 1], [1, 1]]
