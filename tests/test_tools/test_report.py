"""tools/analysis_tools/report.py as a user runs it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

POINTS = [[10.0, 10], [50, 10], [30, 30], [15, 50], [45, 50]]


def write_result(path: Path, **fields: object) -> Path:
    face = {'id': 1, 'image': 'a b.jpg', 'predicted': POINTS, 'truth': POINTS} | fields
    content = {'format': 'fanet_mmpose.results', 'version': 1, 'schema': 'mtfl5', 'faces': [face]}
    path.write_text(json.dumps(content))
    return path


def test_page_and_table(
    run_tool: Callable[..., None], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    result = write_result(tmp_path / 'mine.json')
    run_tool('report', result, '--out', tmp_path / 'page', '--normalizer', 'box_diagonal')
    said = capsys.readouterr().out
    assert 'NME by box_diagonal' in said
    assert said.rstrip().endswith(str(tmp_path / 'page' / 'report.html'))
    assert 'mine' in (tmp_path / 'page' / 'report.html').read_text()


def test_truth_from_annotations(run_tool: Callable[..., None], tmp_path: Path) -> None:
    result = write_result(tmp_path / 'mine.json', truth=None)
    keypoints = [number for point in POINTS for number in (*point, 2)]
    annotations = tmp_path / 'val.json'
    annotations.write_text(
        json.dumps(
            {'images': [], 'annotations': [{'id': 1, 'image_id': 1, 'keypoints': keypoints}]}
        )
    )
    run_tool('report', result, '--annotations', annotations, '--out', tmp_path)
    assert (tmp_path / 'report.html').is_file()


def test_bad_files_are_named(sentence: Callable[..., str], tmp_path: Path) -> None:
    assert 'none.json: is missing' in sentence('report', tmp_path / 'none.json')
    broken = write_result(tmp_path / 'broken.json', predicted=POINTS[:4])
    assert 'faces[0].predicted has shape [4, 2]' in sentence('report', broken)
