"""The codec loses nothing: pixels -> cell and offset -> pixels."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip('mmpose')
from fanet_mmpose.codecs.local_coordinate_label import (  # noqa: E402
    LocalCoordinateLabel,
    cells_to_pixels,
    pixels_to_cells,
    scale_to_score,
)


def round_trip(codec: LocalCoordinateLabel, points: np.ndarray) -> np.ndarray:
    encoded = codec.encode(points)
    coordinates = encoded['keypoint_cells'] + encoded['keypoint_offsets']
    decoded, _ = codec.decode(coordinates[0], np.ones(points.shape[1]))
    return decoded


@settings(deadline=None, derandomize=True, max_examples=50)
@given(seed=st.integers(0, 10_000), stride=st.sampled_from([4, 8, 16]))
def test_round_trip_is_sub_pixel_off_crop_points_included(seed: int, stride: int) -> None:
    codec = LocalCoordinateLabel((128, 96), stride)
    points = np.random.default_rng(seed).uniform(-40, 170, (1, 98, 2))
    assert np.abs(round_trip(codec, points) - points).max() < 0.01


def test_cell_centres_have_no_offset() -> None:
    codec = LocalCoordinateLabel((128, 128), 4)
    # Pixels 0…3 are cell 0: its centre lies between pixels 1 and 2.
    encoded = codec.encode(np.array([[[1.5, 5.5]]]))
    assert encoded['keypoint_cells'].tolist() == [[[0, 1]]]
    assert np.abs(encoded['keypoint_offsets']).max() == 0


def test_mirrored_pixels_are_mirrored_cells() -> None:
    x = np.random.default_rng(0).uniform(0, 127, (20, 2))
    assert np.allclose(pixels_to_cells(127 - x, 4), 31 - pixels_to_cells(x, 4))
    assert np.allclose(cells_to_pixels(pixels_to_cells(x, 8), 8), x)


def test_a_point_outside_belongs_to_the_border_cell() -> None:
    codec = LocalCoordinateLabel((128, 128), 4)
    encoded = codec.encode(np.array([[[-6.5, 60.0], [-400.0, 60.0]]]))
    assert encoded['keypoint_cells'][0, 0, 0] == 0
    assert encoded['keypoint_offsets'][0, 0, 0] == pytest.approx(-2)
    assert encoded['keypoint_weights'].tolist() == [[1, 0]]  # the second is out of reach


def test_weights_and_visibility_are_told_apart() -> None:
    codec = LocalCoordinateLabel((128, 128), 4)
    points = np.full((1, 3, 2), 50.0)
    plain = codec.encode(points, np.array([[1.0, 0.0, 1.0]]))
    assert plain['keypoint_weights'].tolist() == [[1, 0, 1]]
    hidden = codec.encode(points, np.array([[0.0, 0.0, 1.0]]), np.array([[1.0, 0.0, 1.0]]))
    assert hidden['keypoint_weights'].tolist() == [[1, 0, 1]]
    assert hidden['keypoint_visibility'].tolist() == [[0, 0, 1]]


def test_score_is_the_chance_of_a_small_error() -> None:
    rng = np.random.default_rng(0)
    errors = np.abs(rng.laplace(0, 2.0, 200_000))
    assert scale_to_score(np.array(2.0), 2.56) == pytest.approx((errors < 2.56).mean(), abs=0.005)


def test_no_faces() -> None:
    encoded = LocalCoordinateLabel((128, 128), 4).encode(np.zeros((0, 68, 2)))
    assert encoded['keypoint_cells'].shape == (0, 68, 2)
