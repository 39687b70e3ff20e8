"""The worst faces: order, what is drawn where, images that are not there."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import cv2
import numpy as np

from fanet_mmpose.evaluation.report.scored import score_model
from fanet_mmpose.evaluation.report.worst_faces import (
    MARGIN,
    PREDICTION,
    SIDE,
    TRUTH,
    draw_face,
    worst_faces,
)
from fanet_mmpose.evaluation.results import Results

SQUARE = np.array([[50.0, 60], [150, 60], [50, 160], [150, 160]])


def decode(jpeg: bytes) -> np.ndarray:
    return cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)


def test_worst_first_and_missed_before_all(results: Results) -> None:
    faces = list(worst_faces(score_model(results, 'inter_ocular')))
    errors = [face.nme for face in faces]
    assert errors == sorted(errors, reverse=True)
    assert np.isinf(errors[0])
    assert len(faces) == 11  # one face has no inter-ocular distance
    assert decode(faces[0].jpeg).shape == (SIDE, SIDE, 3)


def test_points_lie_on_the_picture_where_they_lie_on_the_image() -> None:
    image = np.zeros((300, 300, 3), np.uint8)
    for x, y in SQUARE.astype(int):
        image[y - 4 : y + 5, x - 4 : x + 5] = (255, 0, 0)
    nothing = np.full((4, 2), np.nan)
    picture = draw_face(image, SQUARE, nothing, np.zeros(4, bool) | [True, False, False, True])
    side = (1 + 2 * MARGIN) * 100
    corner = np.array([100.0, 110]) - side / 2
    for index, drawn in enumerate((True, False, False, True)):
        x, y = np.rint((SQUARE[index] - corner) * SIDE / side).astype(int)
        if drawn:
            assert np.abs(picture[y, x].astype(int) - TRUTH).max() < 5
            assert picture[y - 6, x, 0] > 200  # the blue patch around it


def test_truth_and_prediction_have_their_colours() -> None:
    picture = draw_face(None, SQUARE, SQUARE + [30, 0], np.ones(4, bool))
    for color in (TRUTH, PREDICTION):
        assert (np.abs(picture.astype(int) - color).max(axis=-1) < 5).sum() > 4


def test_image_is_found_below_the_root(results: Results, tmp_path: Path) -> None:
    (tmp_path / 'val').mkdir()
    cv2.imwrite(str(tmp_path / 'val' / '4.jpg'), np.full((260, 260, 3), 255, np.uint8))
    results = dataclasses.replace(results, images=[f'val/{i}.jpg' for i in results.ids])
    pictures = {
        face.id: decode(face.jpeg)
        for face in worst_faces(score_model(results, 'inter_ocular'), tmp_path)
    }
    # Face 4 was not found; its own picture is there, the others' are grey.
    assert np.median(pictures['4']) > 250
    assert abs(np.median(pictures['5']) - 128) < 5
