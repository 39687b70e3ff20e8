"""The kept crop holds the same face at the same place as the photograph."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from mmcv.transforms import Compose
from mmpose.registry import TRANSFORMS

from fanet_mmpose.datasets.load_face_crop import LoadFaceCrop, cut_face
from fanet_mmpose.errors import UserError

POINTS = np.array([[[110.0, 80.0], [181.5, 96.25], [140.0, 170.0]]], np.float32)
BOX = np.array([[100.0, 70.0, 190.0, 180.0]], np.float32)


@pytest.fixture
def photograph(tmp_path: Path) -> Path:
    """Smooth, so that resampling it hardly changes it."""
    noise = np.random.default_rng(0).integers(0, 255, (15, 20, 3), np.uint8)
    path = tmp_path / 'photograph.png'
    cv2.imwrite(str(path), cv2.resize(noise, (320, 240), interpolation=cv2.INTER_CUBIC))
    return path


def face(path: Path, **extra) -> dict:
    return dict(img_path=str(path), bbox=BOX.copy(), keypoints=POINTS.copy(), **extra)


def crop(loader: str, path: Path, **options) -> dict:
    steps = [
        dict(type=loader, **options),
        dict(type='GetBBoxCenterScale'),
        dict(type='TopdownAffine', input_size=(64, 64)),
    ]
    return Compose([TRANSFORMS.build(step) for step in steps])(face(path))


@pytest.mark.parametrize('size', [90, 160, 1000])
def test_the_networks_crop_is_the_same(photograph: Path, size: int) -> None:
    stock = crop('LoadFaceImage', photograph)
    ours = crop('LoadFaceCrop', photograph, size=size)
    np.testing.assert_allclose(
        ours['transformed_keypoints'], stock['transformed_keypoints'], atol=0.4
    )
    assert np.abs(ours['img'].astype(int) - stock['img']).mean() < 3


def test_a_part_that_is_not_shrunk_moves_by_whole_pixels(photograph: Path) -> None:
    results = LoadFaceCrop(size=10_000).transform(face(photograph))
    moved = POINTS - results['keypoints']
    assert np.ptp(moved, axis=1).max() == 0
    assert (moved == moved.round()).all()


def test_shrinking_averages_and_keeps_pixel_centres() -> None:
    image = np.zeros((64, 64, 3), np.uint8)
    image[32:36, 20:24] = 160  # one block of 4×4 px, its middle at (21.5, 33.5)
    part = cut_face(image, np.array([16.0, 16, 48, 48]), cover=2, size=16)
    x, y = np.rint(part.move(np.array([21.5, 33.5]))).astype(int)
    assert part.image.shape[:2] == (16, 16)
    assert part.image[y, x, 0] == 160
    assert part.image.sum() == 160 * 3


def test_center_and_scale_of_the_annotation_follow(photograph: Path) -> None:
    center, scale = (BOX[:, :2] + BOX[:, 2:]) / 2, np.array([[110.0, 110.0]], np.float32)
    results = LoadFaceCrop(size=100).transform(
        face(photograph, bbox_center=center, bbox_scale=scale)
    )
    middle = (results['bbox'][:, :2] + results['bbox'][:, 2:]) / 2
    np.testing.assert_allclose(results['bbox_center'], middle, atol=1e-3)
    sides = results['bbox'][:, 2:] - results['bbox'][:, :2]
    np.testing.assert_allclose(results['bbox_scale'].max(), sides.max(), rtol=0.02)


def test_the_second_time_no_file_is_read(photograph: Path) -> None:
    loader = LoadFaceCrop()
    first = loader.transform(face(photograph))['img'].copy()
    photograph.unlink()
    second = loader.transform(face(photograph))['img']
    np.testing.assert_array_equal(first, second)


def test_writing_into_a_crop_does_not_change_the_kept_one(photograph: Path) -> None:
    loader = LoadFaceCrop()
    first = loader.transform(face(photograph))['img']
    expected = first.copy()
    first[:] = 0
    np.testing.assert_array_equal(loader.transform(face(photograph))['img'], expected)


def test_no_more_is_kept_than_allowed(photograph: Path) -> None:
    loader = LoadFaceCrop(cache_mb=0)
    loader.transform(face(photograph))
    assert not loader.kept


@pytest.mark.parametrize('box', [[-50, -50, 40, 40], [300, 220, 500, 400], [150, 100, 150, 100]])
def test_a_box_at_or_beyond_the_border_leaves_a_picture(box: list[int], photograph: Path) -> None:
    results = LoadFaceCrop().transform(dict(face(photograph), bbox=np.array([box], np.float32)))
    assert min(results['img'].shape[:2]) >= 1


def test_a_broken_picture_is_named(tmp_path: Path) -> None:
    (tmp_path / 'broken.jpg').write_bytes(b'')
    with pytest.raises(UserError, match='broken.jpg: cannot be read'):
        LoadFaceCrop().transform(face(tmp_path / 'broken.jpg'))
