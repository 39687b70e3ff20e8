"""tools/misc/detect_boxes.py as a user runs it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest


def test_whole_image(
    run_tool: Callable[..., None], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cv2.imwrite(str(tmp_path / 'a.png'), np.zeros((50, 50, 3), np.uint8))
    face = {'id': 1, 'image_id': 1, 'keypoints': [2, 2, 2, 47, 47, 2]}
    content = {'images': [{'id': 1, 'file_name': 'a.png'}], 'annotations': [face]}
    (tmp_path / 'val.json').write_text(json.dumps(content))
    out = tmp_path / 'out.json'
    options = ('--image-root', tmp_path, '--detector', 'whole_image')
    run_tool('detect_boxes', tmp_path / 'val.json', out, *options)
    assert '1 of 1 faces found' in capsys.readouterr().out
    assert json.loads(out.read_text())['annotations'][0]['bbox_detector'] is not None


def test_unknown_detector(sentence: Callable[..., str], tmp_path: Path) -> None:
    options = ('--image-root', tmp_path, '--detector', 'psychic')
    assert 'unknown detector' in sentence('detect_boxes', 'val.json', 'out.json', *options)
