"""With the same draws, batches of cached faces are those of the loader's own transforms."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

pytest.importorskip('mmpose')
from helpers.tiny_faces import write_split  # noqa: E402
from mmengine.registry import DefaultScope  # noqa: E402
from mmpose.datasets.transforms import TopdownAffine  # noqa: E402
from mmpose.datasets.transforms.common_transforms import (  # noqa: E402
    RandomBBoxTransform,
    RandomFlip,
)

import fanet_mmpose.plugin  # noqa: E402, F401
from fanet_mmpose.datasets.cached.cached_faces import NUM_DRAWS, CachedFaces  # noqa: E402
from fanet_mmpose.datasets.cached.color import BatchHSV, shift_hsv  # noqa: E402
from fanet_mmpose.datasets.cached.degradation import blur, lower_resolution  # noqa: E402
from fanet_mmpose.datasets.cached.jpeg import jpeg  # noqa: E402
from fanet_mmpose.datasets.cached.occlusion import BatchOcclusion  # noqa: E402
from fanet_mmpose.datasets.cached.placement import (  # noqa: E402
    BatchBoxTransform,
    BatchFlip,
    place,
    truncated_normal,
)
from fanet_mmpose.datasets.cached.warp import warp, warp_by_grid  # noqa: E402
from fanet_mmpose.datasets.random_degradation import compress  # noqa: E402
from fanet_mmpose.datasets.random_degradation import lower_resolution as lower_one  # noqa: E402

FACES, SIZE = 6, (64, 96)
BOX = dict(shift_factor=0.1, shift_prob=0.5, scale_factor=(0.75, 1.25), rotate_factor=60)


@pytest.fixture
def cached(tmp_path: Path) -> CachedFaces:
    """Smooth pictures: on noise, interpolation of a 32nd of a pixel is all that one sees."""
    write_split(tmp_path, 'train', FACES)
    for path in (tmp_path / 'images').iterdir():
        cv2.imwrite(str(path), cv2.GaussianBlur(cv2.imread(str(path)), (0, 0), 2) * 3)
    inner = dict(
        type='Face300WDataset', data_root=str(tmp_path), data_prefix=dict(img='images/'),
        ann_file='annotations/train.json',
        pipeline=[dict(type='LoadFaceCrop', size=40, cache_mb=0), dict(type='GetBBoxCenterScale')],
    )  # fmt: skip
    with DefaultScope.overwrite_default_scope('mmpose'):
        return CachedFaces(inner)


def by_the_loader(cached: CachedFaces, number: int, flip: bool, draws: tuple) -> dict:
    """MMPose's transforms of one face, given what they would have drawn."""
    offset, scale, turn = draws
    mirror, move = RandomFlip(), RandomBBoxTransform(**BOX)
    mirror._choose_direction = lambda: 'horizontal' if flip else None
    move._get_transform_params = lambda n: (offset[None], np.array([[scale]]), np.array([turn]))
    sample = cached.dataset[number]
    for step in (mirror, move, TopdownAffine(SIZE)):
        sample = step(sample)
    return sample


def test_crops_and_points_are_the_loader_s(cached: CachedFaces) -> None:
    index, store = np.arange(FACES), cached.faces
    draws = np.random.default_rng(0).random((FACES, 8))
    start = place(store, index)
    flipped = BatchFlip()(start, draws[:, :1])
    faces = BatchBoxTransform(**BOX)(flipped, draws[:, 1:])
    assert faces.flipped.any() and not faces.flipped.all()
    assert faces.rotations.any() and not faces.rotations.all()
    matrices = faces.matrices(SIZE)
    to_crops, points = faces.from_pictures(matrices), faces.points_in(matrices)
    by_cv2 = warp(store.images, torch.from_numpy(index), to_crops, SIZE)
    by_grid = warp_by_grid(store.images, to_crops, SIZE)
    for number in range(FACES):
        drawn = (
            (faces.centers - flipped.centers)[number] / start.scales[number],
            (faces.scales / start.scales)[number, 0],
            faces.rotations[number],
        )
        sample = by_the_loader(cached, number, faces.flipped[number], drawn)
        np.testing.assert_allclose(points[number], sample['transformed_keypoints'][0], atol=0.01)
        np.testing.assert_array_equal(
            faces.visible[number], np.squeeze(sample['keypoints_visible'])
        )
        expected = sample['img'].astype(np.float32)
        for found in (by_cv2, by_grid):
            difference = np.abs(found[number].permute(1, 2, 0).numpy() - expected)
            assert difference.mean() < 0.6  # grey levels
            assert difference.max() < 10
        assert np.abs(by_cv2[number].permute(1, 2, 0).numpy() - expected).mean() < 0.3


def test_the_normal_draws_are_mmpose_s() -> None:
    ours = truncated_normal(np.random.default_rng(0).random(4000))
    np.random.seed(0)
    theirs = RandomBBoxTransform._truncnorm(size=(4000,))
    quantiles = np.linspace(0.02, 0.98, 25)
    np.testing.assert_allclose(
        np.quantile(ours, quantiles), np.quantile(theirs, quantiles), atol=0.06
    )


@pytest.fixture
def pictures() -> torch.Tensor:
    """[3, 3, 64, 48], smooth, of many colours."""
    noise = np.random.default_rng(1).uniform(0, 255, (3, 8, 6, 3)).astype(np.float32)
    smooth = [cv2.resize(n, (48, 64), interpolation=cv2.INTER_CUBIC) for n in noise]
    return torch.from_numpy(np.clip(smooth, 0, 255).round()).permute(0, 3, 1, 2).float()


def as_array(picture: torch.Tensor) -> np.ndarray:
    return picture.permute(1, 2, 0).numpy().round().astype(np.uint8).copy()


def mean_difference(found: torch.Tensor, expected: list[np.ndarray]) -> float:
    there = torch.from_numpy(np.stack(expected)).permute(0, 3, 1, 2)
    return float((found - there).abs().mean())


def test_colours_are_opencv_s(pictures: torch.Tensor) -> None:
    gains = np.array([[4, 0, 0], [-5, 29, -30], [0, -20, 12]])
    expected = []
    for picture, gain in zip(pictures, gains, strict=True):
        hsv = cv2.cvtColor(as_array(picture), cv2.COLOR_BGR2HSV).astype(np.int16)
        hsv[..., 0] = (hsv[..., 0] + gain[0]) % 180
        hsv[..., 1:] = np.clip(hsv[..., 1:] + gain[1:], 0, 255)
        expected.append(cv2.cvtColor(hsv.astype(np.uint8), cv2.COLOR_HSV2BGR))
    assert mean_difference(shift_hsv(pictures, torch.from_numpy(gains)), expected) < 1.5
    drawn = BatchHSV().gains(np.random.default_rng(0).random((400, 6)))
    assert np.abs(drawn).max(0).tolist() == [4, 29, 29]
    assert 0.4 < (drawn[:, 1] == 0).mean() < 0.6


def test_degradations_are_opencv_s(pictures: torch.Tensor) -> None:
    amounts = torch.tensor([0.5, 1.1, 2.0])
    arrays = [as_array(picture) for picture in pictures]
    blurred = [cv2.GaussianBlur(a, (0, 0), float(s)) for a, s in zip(arrays, amounts, strict=True)]
    assert mean_difference(blur(pictures, amounts), blurred) < 1
    factors = torch.tensor([0.375, 0.5, 0.75])
    lower = [lower_one(a, float(f)) for a, f in zip(arrays, factors, strict=True)]
    assert mean_difference(lower_resolution(pictures, factors), lower) < 1
    qualities = torch.tensor([15.0, 40, 69])
    packed = [compress(a, int(q)) for a, q in zip(arrays, qualities, strict=True)]
    assert mean_difference(jpeg(pictures, qualities), packed) < 1.5


def test_patches_cover_their_rectangle_and_the_points_under_it(pictures: torch.Tensor) -> None:
    step, draws = BatchOcclusion(prob=1.0, size=(0.2, 0.4)), np.full((3, NUM_DRAWS), 0.5)
    draws[:, 0], draws[:, 5] = 0, (0.1, 0.5, 0.9)  # all chosen; a colour, noise, another part
    draws[:, 6:9], draws[:, 9:11] = (0.0, 0.999, 0.0), 0.0
    covered = step(pictures.clone(), draws)
    changed = (covered != pictures).any(1)
    left, top, width, height = (values[0] for values in step.patches(draws, 64, 48))
    assert (width, height) == (14, 19)
    inside = torch.zeros(64, 48, dtype=torch.bool)
    inside[top : top + height, left : left + width] = True
    assert not changed[:, ~inside].any()
    assert changed[:, inside].float().mean() > 0.9
    assert (covered[0, :, inside] == torch.tensor([[0.0], [255], [0]])).all()
    points = np.array([[[left, top], [left + width, top], [0, 0]]], float).repeat(3, 0)
    hidden = step.occluded(draws, points, (48, 64))
    assert hidden.tolist() == [[True, False, False]] * 3
    draws[0, 0] = 1
    assert not step.occluded(draws, points, (48, 64))[0].any()
