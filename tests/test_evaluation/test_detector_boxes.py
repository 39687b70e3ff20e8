"""Detector boxes in annotations: which face gets which box, and who gets none."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from fanet_mmpose.errors import UserError
from fanet_mmpose.evaluation.detector_boxes import add_detector_boxes


def square(x: float, y: float, side: float) -> list[float]:
    return [x, y, 2, x + side, y, 2, x, y + side, 2]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Two faces in the first picture, one in the second."""
    for name in ('a.png', 'b.png'):
        cv2.imwrite(str(tmp_path / name), np.zeros((100, 100, 3), np.uint8))
    content = {
        'info': 'kept',
        'images': [{'id': 1, 'file_name': 'a.png'}, {'id': 2, 'file_name': 'b.png'}],
        'annotations': [
            {'id': 10, 'image_id': 1, 'keypoints': square(10, 10, 20)},
            {'id': 11, 'image_id': 1, 'keypoints': square(60, 10, 20)},
            {'id': 12, 'image_id': 2, 'keypoints': square(10, 10, 20)},
        ],
    }
    path = tmp_path / 'val.json'
    path.write_text(json.dumps(content))
    return path


def find_in_the_first(image: np.ndarray, name: str) -> np.ndarray:
    boxes = [[62, 10, 82, 30], [0, 50, 50, 100], [10, 10, 30, 30]] if 'a.png' in name else []
    return np.array(boxes, float).reshape(-1, 4)


def test_each_face_takes_its_own_box(source: Path, tmp_path: Path) -> None:
    out = tmp_path / 'new' / 'out.json'
    count = add_detector_boxes(source, tmp_path, out, find_in_the_first)
    content = json.loads(out.read_text())
    boxes = {a['id']: a['bbox_detector'] for a in content['annotations']}
    assert boxes == {10: [10, 10, 20, 20], 11: [62, 10, 20, 20], 12: None}
    assert (count.faces, count.found) == (3, 2)
    assert count.mean_overlap == pytest.approx((1 + 18 / 22) / 2)
    assert content['info'] == 'kept'


def test_what_is_wrong_is_said(source: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError, match='image-root'):
        add_detector_boxes(source, tmp_path / 'elsewhere', tmp_path / 'o.json', find_in_the_first)
    source.write_text('{"images": []}')
    with pytest.raises(UserError, match='give a COCO-style annotation file'):
        add_detector_boxes(source, tmp_path, tmp_path / 'o.json', find_in_the_first)
    assert not (tmp_path / 'o.json').exists()
