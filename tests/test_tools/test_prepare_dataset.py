"""The command: a table when it works, one sentence and exit code 2 when it does not."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers.tiny_releases import read_annotations, wflw_lists, write_wflw


def prepare(repo: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    tool = repo / 'tools/dataset_converters/prepare_dataset.py'
    command = [sys.executable, str(tool), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, cwd=repo, check=False)


@pytest.fixture
def release(tmp_path: Path) -> Path:
    folder = tmp_path / 'release'
    folder.mkdir()
    write_wflw(folder, *wflw_lists())
    return folder


def test_converts_and_crops(release: Path, repo: Path, tmp_path: Path) -> None:
    out = tmp_path / 'wflw'
    done = prepare(repo, 'wflw', '--source', release, '--out', out, '--crops', 64)
    assert done.returncode == 0, done.stderr
    assert 'contact_sheet.png' in done.stdout and 'train' in done.stdout
    assert len(read_annotations(out, 'face_landmarks_wflw_test')['annotations']) == 4
    assert (out / 'crops_64' / 'annotations' / 'train.json').is_file()


def test_bad_input_is_one_sentence(release: Path, repo: Path, tmp_path: Path) -> None:
    (release / 'WFLW_images.tar.gz').write_bytes(b'<html>')
    done = prepare(repo, 'wflw', '--source', release, '--out', tmp_path / 'wflw')
    assert done.returncode == 2
    (line,) = done.stderr.strip().splitlines()
    assert line.startswith('error: ') and 'WFLW_images.tar.gz' in line
    assert [path.name for path in tmp_path.iterdir()] == ['release']


def test_needs_neither_torch_nor_mmpose(repo: Path) -> None:
    code = (
        'import sys; import fanet_mmpose.datasets.converters; '
        'print(sorted({"torch", "mmpose", "mmengine", "mmcv"} & set(sys.modules)))'
    )
    done = subprocess.run(
        [sys.executable, '-c', code], capture_output=True, text=True, cwd=repo, check=True
    )
    assert done.stdout.strip() == '[]'
