"""Crops equal MMPose's, and their maps can be undone."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fanet_mmpose.geometry.crop import crop_image, crop_matrix, invert, transform_points

coordinates = st.floats(-500, 3000)
sides = st.floats(2, 4000)
sizes = st.sampled_from([(128, 128), (256, 256), (192, 256)])


@st.composite
def boxes(draw: st.DrawFn) -> np.ndarray:
    x, y, width, height = draw(coordinates), draw(coordinates), draw(sides), draw(sides)
    return np.array([x, y, x + width, y + height])


@settings(deadline=None, derandomize=True, max_examples=30)
@given(boxes(), sizes)
def test_the_box_is_centred_and_fills_its_share_of_the_crop(
    box: np.ndarray, size: tuple[int, int]
) -> None:
    corners = transform_points(box.reshape(2, 2), crop_matrix(box, size, padding=1.25))
    assert corners.mean(0) == pytest.approx(np.array(size) / 2, abs=1e-6)
    shares = (corners[1] - corners[0]) / size
    assert shares.max() == pytest.approx(1 / 1.25)


@settings(deadline=None, derandomize=True, max_examples=30)
@given(boxes(), sizes)
def test_the_inverse_brings_points_back(box: np.ndarray, size: tuple[int, int]) -> None:
    matrix = crop_matrix(box, size)
    points = np.random.default_rng(0).uniform(-100, 3000, (68, 2))
    back = transform_points(transform_points(points, matrix), invert(matrix))
    assert back == pytest.approx(points, abs=1e-5)


def test_the_inverse_is_opencvs() -> None:
    matrices = np.random.default_rng(0).normal(0, 9, (20, 2, 3))
    for matrix in (*matrices, np.zeros((2, 3)), matrices[0][[0, 0]]):
        assert invert(matrix) == pytest.approx(cv2.invertAffineTransform(matrix), abs=1e-12)


@pytest.mark.parametrize('box', [[40, 30, 160, 190], [-50, 10, 90, 150], [180, 100, 290, 310]])
@pytest.mark.parametrize('size', [(128, 128), (96, 128)])
def test_crop_and_points_equal_those_of_mmpose(box: list[float], size: tuple[int, int]) -> None:
    from mmpose.datasets.transforms import GetBBoxCenterScale, TopdownAffine

    rng = np.random.default_rng(1)
    image = cv2.GaussianBlur(rng.integers(0, 256, (240, 250, 3), np.uint8), (0, 0), 2)
    points = rng.uniform(0, 240, (1, 68, 2)).astype(np.float32)
    theirs = dict(img=image, bbox=np.array([box], np.float32), keypoints=points)
    theirs['keypoints_visible'] = np.ones((1, 68), np.float32)
    theirs = TopdownAffine(size)(GetBBoxCenterScale()(theirs))
    matrix = crop_matrix(np.array(box, float), size)
    ours = transform_points(points, matrix)
    assert np.abs(ours - theirs['transformed_keypoints']).max() <= 1e-4
    # Both warp with 1/32 px steps: a matrix that differs in the last digits may step once.
    differences = np.abs(crop_image(image, matrix, size).astype(int) - theirs['img'])
    assert differences.max() <= 6
    assert differences.mean() < 0.02


def test_a_large_face_is_averaged_in_place() -> None:
    columns = np.tile(np.arange(4000, dtype=np.float32), (3000, 1))
    ramp = np.repeat((columns / 4000 * 255).astype(np.uint8)[..., None], 3, 2)
    box = np.array([600.0, 200, 3400, 2800])
    matrix = crop_matrix(box, (128, 128))
    crop = crop_image(ramp, matrix, (128, 128))
    x = transform_points(np.stack(np.mgrid[:128, :1], -1).reshape(-1, 2), invert(matrix))[:, 0]
    assert np.abs(crop[64, :, 0] - x / 4000 * 255)[2:-2].max() < 1.5
    checks = ((np.indices((3000, 4000)).sum(0) % 2) * 255).astype(np.uint8)
    seen = crop_image(np.repeat(checks[..., None], 3, 2), matrix, (128, 128))
    assert seen[20:-20, 2:-2].std() < 10  # sampling would show patterns


def test_a_panorama_beyond_opencv_is_cropped_where_the_face_is() -> None:
    image = np.zeros((60, 40_000, 3), np.uint8)
    image[20:41, 35_000:35_021] = 255
    crop = crop_image(image, crop_matrix(np.array([34_990.0, 10, 35_030, 50]), (64, 64)), (64, 64))
    bright = np.argwhere(crop[..., 0] > 128)
    assert bright.mean(0) == pytest.approx([32, 32], abs=0.6)


def test_a_box_outside_the_image_gives_black() -> None:
    image = np.full((50, 60, 3), 255, np.uint8)
    for box in ([500, 500, 520, 520], [-9000, -9000, -5000, -5000]):
        assert not crop_image(image, crop_matrix(np.array(box, float), (32, 32)), (32, 32)).any()
