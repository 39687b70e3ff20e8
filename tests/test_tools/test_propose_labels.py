"""The command: lines when it works, one sentence and exit code 2 when it does not."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import cv2
import pytest
from skimage import data


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    folder = tmp_path / 'photos'
    folder.mkdir()
    cv2.imwrite(str(folder / 'a.jpg'), cv2.cvtColor(data.astronaut(), cv2.COLOR_RGB2BGR))
    return folder


def test_it_says_what_it_did_and_what_comes_next(
    run_tool: Callable, photos: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / 'todo'
    run_tool('propose_labels', photos, '--out', out, '--num', 1, '--val', 0)
    printed = capsys.readouterr().out
    assert 'pictures with a face: 1' in printed and 'prepare_dataset.py custom' in printed
    assert (out / 'labels' / 'train' / 'a.json').is_file()
    assert (out / 'train.py').is_file()


def test_wrong_input_is_one_sentence(
    sentence: Callable[..., str], photos: Path, tmp_path: Path
) -> None:
    out = ('--out', tmp_path / 'todo')
    assert 'no such folder' in sentence('propose_labels', tmp_path / 'nowhere', *out)
    assert 'unknown detector' in sentence('propose_labels', photos, *out, '--detector', 'x')
    assert 'my.yml' in sentence('propose_labels', photos, *out, '--schema', 'my.yml')
    (photos / 'a.jpg').write_bytes(b'')
    assert 'no picture shows a face' in sentence('propose_labels', photos, *out)
    assert not (tmp_path / 'todo').exists()


def test_the_rehearsal_speaks_in_sentences_too(
    sentence: Callable[..., str], tmp_path: Path
) -> None:
    missing = tmp_path / 'none.json'
    said = sentence('rehearse_labels', missing, 'photographs', tmp_path / 'photos')
    assert 'none.json' in said


def test_needs_neither_torch_nor_mmpose(repo: Path) -> None:
    code = (
        'import sys; import fanet_mmpose.labelling.propose; '
        'print(sorted({"torch", "mmpose", "mmengine", "mmcv"} & set(sys.modules)))'
    )
    done = subprocess.run(
        [sys.executable, '-c', code], capture_output=True, text=True, cwd=repo, check=True
    )
    assert done.stdout.strip() == '[]'
