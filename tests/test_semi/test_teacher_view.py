"""Both views are of one face, and the way from one to the other is exact."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from mmpose.registry import TRANSFORMS

from fanet_mmpose.geometry.crop import transform_points
from fanet_mmpose.semi.teacher_view import chain, crop_map, mirror_map

SIZE = (64, 64)
FLIP = np.array([1, 0, 2, 3])  # of four points


def face(seed: int) -> dict:
    """A smooth picture with four points and a padded box, off the middle."""
    rng = np.random.default_rng(seed)
    image = cv2.GaussianBlur(rng.integers(0, 255, (120, 150, 3), dtype=np.uint8), (0, 0), 3)
    return dict(
        img=image,
        img_shape=image.shape[:2],
        bbox=np.array([[30.0, 20, 110, 100]], np.float32),
        bbox_center=np.array([[70.0, 60]], np.float32),
        bbox_scale=np.array([[80.0, 80]], np.float32),
        keypoints=rng.uniform(30, 90, (1, 4, 2)).astype(np.float32),
        keypoints_visible=np.ones((1, 4), np.float32),
        flip_indices=FLIP.tolist(),
    )


def two_views(results: dict, flip: float, turn: float) -> dict:
    student = [
        dict(type='RandomFlip', direction='horizontal', prob=flip),
        dict(type='RandomBBoxTransform', rotate_factor=turn, rotate_prob=1.0),
        dict(type='TopdownAffine', input_size=SIZE),
    ]
    return TRANSFORMS.build(dict(type='TeacherView', input_size=SIZE, student=student))(results)


@pytest.mark.parametrize('flip', [0.0, 1.0])
@pytest.mark.parametrize('seed', range(3))
def test_points_go_exactly_where_the_student_sees_them(flip: float, seed: int) -> None:
    np.random.seed(seed)
    before = face(seed)
    points = before['keypoints'][0].copy()
    seen_by_teacher = transform_points(points, crop_map(before, SIZE))
    results = two_views(before, flip, turn=50)
    moved = transform_points(seen_by_teacher, results['teacher_to_student'])
    moved = moved[FLIP] if flip else moved
    np.testing.assert_allclose(moved, results['transformed_keypoints'][0], atol=1e-3)
    assert np.abs(moved - seen_by_teacher).max() > 3  # the views do differ


def test_the_teachers_picture_warped_is_the_students() -> None:
    np.random.seed(1)
    results = two_views(face(7), flip=1.0, turn=20)
    there = results['teacher_to_student']
    warped = cv2.warpAffine(results['teacher_view'], there, SIZE).astype(float)
    inside = cv2.warpAffine(np.ones(SIZE[::-1], np.float32), there, SIZE) > 0.999
    inside &= results['img'].min(-1) > 0
    assert inside.mean() > 0.3
    without = np.abs(results['teacher_view'].astype(float) - results['img'])[inside].mean()
    assert np.abs(warped - results['img'])[inside].mean() < without / 4


def test_maps_chain_and_mirrors_undo_themselves() -> None:
    mirror = mirror_map(150)
    np.testing.assert_allclose(chain(mirror, mirror), np.eye(3)[:2])
    shift = np.array([[1.0, 0, 5], [0, 1.0, -2]])
    point = np.array([[10.0, 20]])
    np.testing.assert_allclose(
        transform_points(point, chain(shift, mirror)),
        transform_points(transform_points(point, shift), mirror),
    )
