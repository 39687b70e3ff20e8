"""JSON that others wrote is read, or refused in one sentence; a pipe is not waited for."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from fanet_mmpose.coco_file import read_coco
from fanet_mmpose.errors import UserError
from fanet_mmpose.evaluation.results_file import load_results
from fanet_mmpose.files import read_json
from fanet_mmpose.inference.detectors.calibrate import annotated_faces
from fanet_mmpose.inference.detectors.cascade import read_cascade
from fanet_mmpose.inference.detectors.detector import build_detector

READERS: dict[str, Callable[[str], object]] = {
    'results file': load_results,
    'truth of a results file': lambda path: load_results('results.json', path),
    'annotations': read_coco,
    'precomputed boxes': lambda path: build_detector(f'precomputed:{path}'),
    'input of a calibration': lambda path: list(annotated_faces(Path(path).parents[1], 'val')),
    'cascade': read_cascade,
}


@pytest.mark.parametrize('kind', READERS)
def test_a_pipe_is_refused_at_once(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path('results.json').write_text(
        '{"format": "fanet_mmpose.results", "version": 1, "schema": "300w68", '
        '"faces": [{"predicted": null}]}'
    )
    pipe = tmp_path / 'annotations' / 'val.json'
    pipe.parent.mkdir()
    os.mkfifo(pipe)  # whoever opens it to read waits for a writer that never comes
    with pytest.raises(UserError, match=r'val\.json: is '):
        READERS[kind](str(pipe))


@pytest.mark.parametrize(
    ('content', 'said'),
    [
        (b'{"a": ', 'no JSON'), (b'\xff\xfe{\0}\0', 'no JSON'), (b'', 'no JSON'),
        (b'[1' + b'0' * 5000 + b']', 'no JSON'), (b'[' * 99_999, 'nested too deeply'),
    ],
)  # fmt: skip
def test_what_is_no_json(content: bytes, said: str, tmp_path: Path) -> None:
    path = tmp_path / 'a.json'
    path.write_bytes(content)
    with pytest.raises(UserError, match=said):
        read_json(path, 'list of boxes')


def test_json_with_a_byte_order_mark(tmp_path: Path) -> None:
    (tmp_path / 'a.json').write_bytes('{"ä": 1}'.encode('utf-8-sig'))
    assert read_json(tmp_path / 'a.json') == {'ä': 1}
    with pytest.raises(UserError, match=r'b\.json: is missing'):
        read_json(tmp_path / 'b.json')
