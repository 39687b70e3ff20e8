"""Where pasted faces land."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from fanet_mmpose.geometry.crop import transform_points
from projects.face_detector.scenes.face_sources import DrawnFaces, FacePicture
from projects.face_detector.scenes.paste import Place, paste, place_matrix, soft_mask


def spots(points: np.ndarray, size: int = 200) -> FacePicture:
    """A black picture with a white spot at each point."""
    image = np.zeros((size, size, 3), np.uint8)
    for x, y in points:
        cv2.circle(image, (int(x), int(y)), 6, (255, 255, 255), -1)
    return FacePicture(image, points)


@pytest.mark.parametrize('seed', range(6))
@pytest.mark.parametrize('side', [24.0, 60.0, 150.0])
def test_the_box_is_where_the_face_is_seen(seed: int, side: float) -> None:
    face = spots(np.array([[60.0, 60], [140, 60], [60, 140], [140, 140]]))
    scene = np.zeros((256, 256, 3), np.uint8)
    matrix = place_matrix(np.random.default_rng(seed), face, Place(120, 130, side))
    box = paste(scene, face, matrix)
    assert (box[:2] + box[2:]) / 2 == pytest.approx([120, 130], abs=0.1)
    # The tilt widens the tight box of a square.
    assert side * 0.99 <= max(box[2:] - box[:2]) <= side * 1.3
    for x, y in transform_points(face.points, matrix):
        weights = scene[..., 0].astype(float)
        rows, columns = np.mgrid[:256, :256]
        weights[np.hypot(columns - x, rows - y) > side * 0.25] = 0
        found = [(weights * axis).sum() / weights.sum() for axis in (columns, rows)]
        assert found == pytest.approx([x, y], abs=0.5)


def test_pasting_through_a_view_leaves_the_rest_alone() -> None:
    scene = np.full((100, 100, 3), 7, np.uint8)
    face = DrawnFaces(0, 1)[0]
    window = scene[:50, 50:]
    matrix = place_matrix(np.random.default_rng(0), face, Place(25, 25, 40))
    paste(window, face, matrix)
    assert (scene[50:] == 7).all() and (scene[:, :50] == 7).all()
    assert (scene[:50, 50:] != 7).any()


@pytest.mark.parametrize('seed', range(8))
def test_the_soft_mask_covers_the_face_and_ends_inside_the_picture(seed: int) -> None:
    face = DrawnFaces(1, 8)[seed]
    mask = soft_mask(np.random.default_rng(seed), face)
    assert mask.shape == face.image.shape[:2] and mask.min() >= 0 and mask.max() <= 1.0001
    edges = [mask[0], mask[-1], mask[:, 0], mask[:, -1]]
    assert max(edge.max() for edge in edges) < 0.2
    middle = face.points[30].round().astype(int)  # tip of the nose
    assert mask[middle[1], middle[0]] > 0.95
    low, high = face.points.min(0).astype(int), face.points.max(0).astype(int)
    assert mask[low[1] : high[1], low[0] : high[0]].mean() > 0.7
