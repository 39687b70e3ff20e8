"""Detectors side by side, with ones whose boxes are known."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from fanet_mmpose.errors import UserError
from fanet_mmpose.inference.detectors import Detections, register_detector
from fanet_mmpose.inference.detectors.calibrate import AnnotatedFace
from projects.face_detector.benchmark import (
    box_jitter,
    format_table,
    measure,
    measure_on,
    write_row,
)

BOX = np.array([60.0, 70, 100, 110])


class Square:
    """Frames the one bright square, its box moved by `error` px in a picture that was moved."""

    def __init__(self, error: float = 0.0) -> None:
        self.error = error

    def __call__(self, image: np.ndarray, name: str = '') -> Detections:
        rows, columns = np.nonzero(image[..., 0] > 127)
        if not len(rows):
            return Detections([], [])
        moved = columns.min() != BOX[0]
        box = np.array([columns.min(), rows.min(), columns.max() + 1, rows.max() + 1], float)
        return Detections([box + self.error * moved], [1])


@pytest.fixture
def faces(tmp_path: Path) -> list[AnnotatedFace]:
    image = np.zeros((200, 200, 3), np.uint8)
    image[70:110, 60:100] = 255
    cv2.imwrite(str(tmp_path / 'a.png'), image)
    return [AnnotatedFace(tmp_path / 'a.png', BOX)]


def test_a_box_that_follows_its_face_does_not_stray(faces: list[AnnotatedFace]) -> None:
    still, astray = box_jitter(Square(), faces), box_jitter(Square(4.0), faces)
    assert still == pytest.approx(0, abs=0.03)  # whole pixels
    assert astray == pytest.approx(4 * np.sqrt(2) / 1.02 / 40, abs=0.04)
    assert box_jitter(lambda image, name: Detections([], []), faces) is None


def test_a_registered_detector_is_measured(faces: list[AnnotatedFace]) -> None:
    register_detector('test_square')(Square)
    seen = measure('test_square', faces)
    assert (seen.faces, seen.recall, seen.false_boxes, seen.overlap) == (1, 1, 0, 1)
    assert seen.recalls == {'0.01': 1, '0.1': 1, '1.0': 1}


def test_none_found_is_a_row_all_the_same(faces: list[AnnotatedFace], tmp_path: Path) -> None:
    seen = measure('whole_image', faces)
    assert (seen.recall, seen.false_boxes, seen.jitter) == (0, 1, None)
    with pytest.raises(UserError, match='val.json: is missing'):
        measure_on('whole_image', [str(tmp_path)], 0)


def test_the_table(tmp_path: Path) -> None:
    seen = dict(recall=0.5, false_boxes=0.1, overlap=0.8, milliseconds=3.0, jitter=0.021)
    seen['recalls'] = {'0.1': 0.5, '1.0': 0.75}
    table = format_table({'haar': {'a': seen, 'b': {**seen, 'recall': 0, 'jitter': None}}})
    head, _, row = table.splitlines()
    assert head.count('|') == row.count('|') == 16
    assert row.startswith('| `haar` | 0.500 | 0.750 | 0.500 | 0.10 | 0.80 | 2.1 | 3.0 |')
    assert row.endswith('| 0.000 | 0.10 | – | – | 3.0 |')
    with pytest.raises(UserError, match='lbp: was not measured on b'):
        format_table({'haar': {'a': seen, 'b': seen}, 'lbp': {'a': seen}})
    write_row(tmp_path, 'haar', {'a': seen}, 'command')
    assert (tmp_path / 'haar.json').is_file()
