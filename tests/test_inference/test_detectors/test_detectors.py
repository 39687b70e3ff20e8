"""Each detector behind the one interface."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from skimage import data

from fanet_mmpose.errors import UserError
from fanet_mmpose.inference.detectors import (
    BoxMapping,
    Detections,
    build_detector,
    known_detectors,
    register_detector,
)
from fanet_mmpose.inference.detectors.cascade import CascadeDetector

FACE = np.array([222.0, 118])  # middle of the astronaut's face, px


@pytest.fixture(scope='module')
def astronaut() -> np.ndarray:
    return cv2.cvtColor(data.astronaut(), cv2.COLOR_RGB2BGR)


@pytest.mark.parametrize('name', ['haar', 'lbp'])
def test_cascades_find_a_real_face(name: str, astronaut: np.ndarray) -> None:
    found = build_detector(name)(astronaut)
    assert found.boxes.shape == (1, 4) and found.scores.shape == (1,)
    middle = (found.boxes[0, :2] + found.boxes[0, 2:]) / 2
    assert middle == pytest.approx(FACE, abs=15)
    assert 80 < found.boxes[0, 2] - found.boxes[0, 0] < 160


def test_boxes_scale_with_the_picture(astronaut: np.ndarray) -> None:
    detect = build_detector('haar')
    large = cv2.resize(astronaut, None, fx=3, fy=3)
    assert detect(large).boxes / 3 == pytest.approx(detect(astronaut).boxes, abs=12)


@pytest.mark.parametrize('shape', [(1, 1), (10, 500), (400, 600)])
def test_cascades_find_nothing_in_nothing(shape: tuple[int, int]) -> None:
    found = build_detector('haar')(np.zeros((*shape, 3), np.uint8))
    assert found.boxes.shape == (0, 4) and found.scores.shape == (0,)


def test_a_file_that_is_no_cascade(tmp_path: Path) -> None:
    with pytest.raises(UserError, match='missing or no cascade'):
        CascadeDetector(tmp_path / 'none.xml', BoxMapping())


def test_whole_image_is_the_image() -> None:
    found = build_detector('whole_image')(np.zeros((20, 30, 3), np.uint8))
    assert found.boxes.tolist() == [[0, 0, 30, 20]]


def test_precomputed_boxes_by_path_and_by_name(tmp_path: Path) -> None:
    path = tmp_path / 'boxes.json'
    faces = [{'box': [1, 2, 3, 4], 'score': 0.5}, {'box': [5, 6, 7, 8]}]
    path.write_text(json.dumps({'images': [{'image': 'in/a.jpg', 'faces': faces}]}))
    detect = build_detector(f'precomputed:{path}')
    image = np.zeros((9, 9, 3), np.uint8)
    for name in ('in/a.jpg', '/elsewhere/in/a.jpg', 'a.jpg', 'new/in/a.jpg'):
        found = detect(image, name)
        assert found.boxes.tolist() == [[1, 2, 3, 4], [5, 6, 7, 8]]
        assert found.scores.tolist() == [0.5, 1]
    with pytest.raises(UserError, match='no entry for b.jpg'):
        detect(image, 'b.jpg')


def test_precomputed_boxes_of_a_namesake_in_another_folder(tmp_path: Path) -> None:
    path = tmp_path / 'boxes.json'
    faces = [{'box': [1, 2, 3, 4]}]
    path.write_text(json.dumps({'images': [{'image': 'anna/001.jpg', 'faces': faces}]}))
    detect, image = build_detector(f'precomputed:{path}'), np.zeros((9, 9, 3), np.uint8)
    for name in ('bert/001.jpg', '/data/bert/001.jpg'):
        with pytest.raises(UserError, match='no entry for .*; anna/001.jpg: its last name only'):
            detect(image, name)


@pytest.mark.parametrize('content', ['', '[]', '{"images": [{"image": "a"}]}', '{"images": 3}'])
def test_files_without_boxes(content: str, tmp_path: Path) -> None:
    path = tmp_path / 'boxes.json'
    path.write_text(content)
    with pytest.raises(UserError, match='is not a file of boxes'):
        build_detector(f'precomputed:{path}')
    with pytest.raises(UserError, match='needs a file'):
        build_detector('precomputed')


def test_registering_your_own() -> None:
    @register_detector('test_corner')
    def corner() -> object:
        return lambda image, name='': Detections([[0, 0, 5, 5]], [1])

    assert 'test_corner' in known_detectors()
    assert build_detector('test_corner')(np.zeros((9, 9, 3), np.uint8)).boxes.tolist() == [
        [0, 0, 5, 5]
    ]
    with pytest.raises(UserError, match=r'unknown detector .lstm.; one of haar'):
        build_detector('lstm')
