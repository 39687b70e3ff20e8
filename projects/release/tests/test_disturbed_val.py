"""Turned crops keep the points on the face; patches hide what is under them."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from projects.release.tools.disturbed_val import average_precision, cover, errors, make_crops

POINTS = np.random.default_rng(0).uniform(60, 140, (68, 2))


def test_points_turn_with_the_picture() -> None:
    image = np.zeros((200, 200, 3), np.uint8)
    marked = POINTS[0]
    cv2.circle(image, tuple(np.rint(marked).astype(int).tolist()), 3, (255, 255, 255), -1)
    crops, truth = make_crops([(image, POINTS)], 60, lambda crop, rng: crop)
    rows, columns = np.nonzero(crops[0, ..., 0] > 128)
    np.testing.assert_allclose([columns.mean(), rows.mean()], truth[0, 0], atol=1.0)
    assert errors(truth, truth).max() == 0


def test_covered_points_lie_under_the_patch(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / 'a.jpg'), np.full((160, 160, 3), 255, np.uint8))
    crops, truth = make_crops([(np.zeros((200, 200, 3), np.uint8), POINTS)], 0, lambda c, _: c)
    covered, hidden = cover(crops, truth, tmp_path)
    columns, rows = np.rint(truth[0]).astype(int).T
    np.testing.assert_array_equal(covered[0, rows, columns, 0] > 128, hidden[0])


def test_average_precision_by_hand() -> None:
    hidden = np.array([[True, False, True]])
    assert average_precision(hidden, np.array([[0.9, 0.8, 0.7]])) == (1 + 2 / 3) / 2
