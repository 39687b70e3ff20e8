"""What a killed server left goes at the next start; what a living one uses stays."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from fanet_mmpose.serve.own_folder import PREFIX, own_folder

SERVER = (
    'import sys, time\n'
    'from fanet_mmpose.serve.own_folder import own_folder\n'
    'with own_folder() as folder:\n'
    '    (folder / "upload.png").write_bytes(b"a")\n'
    '    print(folder, flush=True)\n'
    '    sys.stdin.read()\n'
)


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, 'tempdir', str(tmp_path))
    return tmp_path


def start(temporary: Path) -> tuple[subprocess.Popen, Path]:
    process = subprocess.Popen(
        [sys.executable, '-c', SERVER],
        env={**os.environ, 'TMPDIR': str(temporary)},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    return process, Path(process.stdout.readline().strip())


def test_a_killed_servers_folder_goes(temporary: Path) -> None:
    process, left = start(temporary)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert (left / 'upload.png').is_file()
    with own_folder() as folder:
        assert list(temporary.iterdir()) == [folder]
    assert not list(temporary.iterdir())


def test_a_living_servers_folder_stays(temporary: Path) -> None:
    process, used = start(temporary)
    with own_folder() as folder:
        assert (used / 'upload.png').is_file() and folder != used
    process.communicate('')
    assert not list(temporary.iterdir())


def test_nothing_else_is_deleted(temporary: Path) -> None:
    kept = temporary / 'kept'
    kept.mkdir()
    (temporary / f'{PREFIX}file').write_text('a')
    (temporary / f'{PREFIX}link').symlink_to(kept)
    (temporary / 'fanet-other').mkdir()
    with own_folder():
        pass
    names = {path.name for path in temporary.iterdir()}
    assert names == {'kept', f'{PREFIX}file', f'{PREFIX}link', 'fanet-other'}
