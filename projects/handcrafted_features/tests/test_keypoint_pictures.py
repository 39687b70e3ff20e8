"""Keypoints lie in the image, where there is something to see; cells are counted once."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from fanet_mmpose.errors import UserError
from projects.handcrafted_features.keypoint_pictures import (
    DETECTORS,
    find_keypoints,
    save_keypoint_picture,
    share_of_cells,
)


@pytest.fixture
def squares() -> np.ndarray:
    """Squares of different brightness, right of the middle of a grey picture."""
    shades = np.random.default_rng(0).integers(256, size=(6, 6), dtype=np.uint8)
    image = np.full((128, 160, 3), 90, np.uint8)
    image[40:88, 80:128] = shades.repeat(8, 0).repeat(8, 1)[..., None]
    return cv2.GaussianBlur(image, (3, 3), 0)


@pytest.mark.parametrize('name', DETECTORS)
def test_keypoints_are_where_something_is_seen(squares: np.ndarray, name: str) -> None:
    points = find_keypoints(squares, name)
    assert len(points) > 2
    assert (points >= [72, 32]).all() and (points < [136, 96]).all()


@pytest.mark.parametrize('name', DETECTORS)
def test_a_plain_picture_has_none(name: str) -> None:
    assert find_keypoints(np.full((128, 128, 3), 90, np.uint8), name).shape == (0, 2)


def test_share_of_cells() -> None:
    points = np.array([[0, 0], [3.9, 3.9], [4, 0], [8, 7]])  # the last is outside whole cells
    assert share_of_cells(points, (9, 8), stride=4) == 2 / 4
    assert share_of_cells(np.empty((0, 2)), (9, 8), stride=4) == 0


def test_picture(squares: np.ndarray, tmp_path: Path) -> None:
    shares = save_keypoint_picture(squares, tmp_path / 'new' / 'points.png')
    assert shares.keys() == DETECTORS.keys() and all(0 < s < 0.3 for s in shares.values())
    assert cv2.imread(str(tmp_path / 'new' / 'points.png')).std() > 5


def test_unknown_detector() -> None:
    with pytest.raises(UserError, match='no keypoint detector SURF: choose from FAST'):
        find_keypoints(np.zeros((8, 8, 3), np.uint8), 'SURF')
