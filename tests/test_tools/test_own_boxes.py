"""tools/misc/own_boxes.py and projects/release/tools/record_training.py as a user runs them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from fanet_mmpose.synthetic.variety import PLAIN
from fanet_mmpose.synthetic.write_set import write_set


def test_drawn_faces_are_boxed_without_their_labels(
    run_tool: Callable[..., None], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_set(tmp_path, '300w68', num=4, splits=['train'], variety=PLAIN)
    pictures, out = tmp_path / 'images', tmp_path / 'boxes.json'
    run_tool('own_boxes', pictures, '--root', tmp_path, '--drawn', tmp_path, '--out', out)
    content = json.loads(out.read_text())
    assert 'of 4 pictures' in capsys.readouterr().out
    assert 0 < len(content['annotations']) == len(content['images']) <= 4
    assert content['images'][0]['file_name'].startswith('images/')
    assert all('keypoints' not in face for face in content['annotations'])


def test_missing_pictures_and_trainings_are_named(
    sentence: Callable[..., str], tmp_path: Path
) -> None:
    empty = tmp_path / 'empty'
    empty.mkdir()
    said = sentence('own_boxes', empty, '--root', tmp_path, '--out', tmp_path / 'boxes.json')
    assert 'empty' in said
    said = sentence('record_training', empty, tmp_path / 'out.json', '--command', 'x')
    assert 'has no config' in said
    assert not (tmp_path / 'out.json').exists()
