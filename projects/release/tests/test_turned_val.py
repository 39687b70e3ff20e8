"""Errors by yaw, of the inner points, in shares of the box."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import cv2
import numpy as np
import pytest

from fanet_mmpose.geometry.boxes import tight_box
from fanet_mmpose.geometry.crop import crop_matrix, transform_points
from fanet_mmpose.geometry.schemas import get_schema
from projects.release.tools.turned_val import by_yaw, errors

POINTS = np.random.default_rng(0).uniform(60, 140, (68, 2))
HIDDEN = np.arange(68) % 2 == 1


class MissesHidden:
    """Finds seen points where they are and hidden ones 5 px too far right."""

    info = SimpleNamespace(input_size=(128, 128), padding=1.25, schema=get_schema('300w68'))

    def __call__(self, crops: np.ndarray) -> SimpleNamespace:
        found = POINTS + np.outer(HIDDEN, [5.0, 0.0])
        moved = transform_points(found, crop_matrix(tight_box(POINTS), (128, 128), 1.25))
        return SimpleNamespace(keypoints=moved[None].astype(np.float32))


def test_hidden_points_are_told_from_seen_ones(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / 'a.png'), np.zeros((200, 200, 3), np.uint8))
    keypoints = np.column_stack([POINTS, np.where(HIDDEN, 1, 2)]).ravel().tolist()
    faces = [
        dict(id=yaw, image_id=1, keypoints=keypoints, head_pose=[yaw, 0, 0]) for yaw in (-40, 75)
    ]
    content = dict(images=[dict(id=1, file_name='a.png')], annotations=faces)
    (tmp_path / 'annotations').mkdir()
    (tmp_path / 'annotations/val.json').write_text(json.dumps(content))
    rows = errors(MissesHidden(), tmp_path)
    box = tight_box(POINTS)
    expected = 5 / np.sqrt(np.prod(box[2:] - box[:2])) * HIDDEN[17:].mean()
    assert rows[:, 0].tolist() == [40, 75]
    assert rows[:, 1] == pytest.approx(expected, rel=1e-3)
    assert rows[:, 2] == pytest.approx(0, abs=1e-6)
    assert [name for name, _ in by_yaw(rows)] == ['35 to 50', '70 to 85']
