"""A detector's study, of one that is known."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from fanet_mmpose.errors import UserError
from fanet_mmpose.inference.detectors import BoxMapping, Detections
from fanet_mmpose.inference.detectors.calibrate import annotated_faces, fit, study

SIDE = 40.0


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Four pictures with a face of 40 px at (50, 60)."""
    images = [{'id': number, 'file_name': f'{number}.png'} for number in range(4)]
    for image in images:
        cv2.imwrite(str(tmp_path / image['file_name']), np.full((100, 100, 3), image['id'], 'u1'))
    faces = [{'image_id': n, 'center': [50.0, 60.0], 'scale': SIDE / 200} for n in range(4)]
    (tmp_path / 'annotations').mkdir()
    content = {'images': images, 'annotations': faces}
    (tmp_path / 'annotations' / 'val.json').write_text(json.dumps(content))
    return tmp_path


def detect(image: np.ndarray, name: str = '') -> Detections:
    """Right but 4 px too low in pictures 0 to 2, and a false box in picture 1 and 3."""
    number = int(image[0, 0, 0])
    right, false = [30, 44, 70, 84], [0, 0, 9, 9]
    boxes = [[right], [right, false], [right], [false]][number]
    return Detections(boxes, [0.9, 0.8][: len(boxes)] if number < 3 else [0.7])


def blind(image: np.ndarray, name: str = '') -> Detections:
    """Finds nothing."""
    return Detections([], [])


def test_by_hand(root: Path) -> None:
    seen = study(detect, annotated_faces(root, 'val'))
    assert (seen.faces, seen.recall, seen.false_boxes) == (4, 0.75, 0.5)
    assert seen.mapping == BoxMapping(dx=0, dy=-0.1, scale=1)
    assert seen.overlap == pytest.approx(36 / 44)
    assert seen.recalls == {0.01: 0.75, 0.1: 0.75, 1.0: 0.75}
    assert 0 <= seen.milliseconds < 1000
    assert fit(detect, annotated_faces(root, 'val')) == seen.mapping


def test_fewer_faces_and_none(root: Path) -> None:
    assert len(list(annotated_faces(root, 'val', 2))) == 2
    seen = study(blind, annotated_faces(root, 'val'))
    assert (seen.mapping, seen.recall, seen.overlap, seen.false_boxes) == (None, 0, 0, 0)
    with pytest.raises(UserError, match='not one of 4 faces was found'):
        fit(blind, annotated_faces(root, 'val'))
    with pytest.raises(UserError, match='train.json: is missing'):
        list(annotated_faces(root, 'train'))
