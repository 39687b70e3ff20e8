"""The tool that exports a detector, as a user runs it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

pytest.importorskip('mmdet')
from helpers.tiny_detector import CONFIG, write_checkpoint  # noqa: E402

from fanet_mmpose.inference.detectors.onnx_detector import OnnxDetector  # noqa: E402


def test_a_file_and_its_metafile(run_tool, tmp_path: Path) -> None:
    checkpoint, out = write_checkpoint(tmp_path / 'a.pth'), tmp_path / 'a.onnx'
    (tmp_path / 'r.json').write_text(json.dumps({'300W val': {'recall': 0.9}}))
    run_tool('export_detector', CONFIG, checkpoint, '-o', out, '--training-data', 'none',
             '--results', tmp_path / 'r.json')  # fmt: skip
    OnnxDetector(out)
    assert 'recall: 0.9' in (tmp_path / 'a.yml').read_text()


def test_bad_input_is_one_sentence(sentence, tmp_path: Path) -> None:
    said = sentence('export_detector', CONFIG, tmp_path / 'none.pth', '-o', tmp_path / 'a.onnx')
    assert 'none.pth: there is no such checkpoint' in said
    (tmp_path / 'r.json').write_text('{')
    said = sentence('export_detector', CONFIG, 'none.pth', '--results', tmp_path / 'r.json')
    assert 'r.json: is no readable JSON' in said
