"""Two processes on the CPU train, and measure what one process measures, to the last digit."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

from helpers.tiny_faces import write_project

FACES = 9  # with batches of 4: 4+4+1 in one process, 4+1 in each of two, one face counted twice


def free_port() -> str:
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        return str(probe.getsockname()[1])


def launch(script: Path, *arguments: object) -> str:
    """Run a `dist_*.sh` with this Python; its output."""
    environment = dict(os.environ, PYTHON=sys.executable, PORT=free_port(), OMP_NUM_THREADS='1')
    done = subprocess.run(
        [str(script), *map(str, arguments)], env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr[-20000:]
    return done.stdout + done.stderr


def test_two_processes_train_and_measure_as_one(
    run_tool, repo: Path, tmp_path: Path, monkeypatch
) -> None:
    monkeypatch.chdir(tmp_path)
    project = write_project(tmp_path, test=FACES)
    log = launch(repo / 'tools' / 'dist_train.sh', project, 2, '--no-validate')
    assert 'Distributed training: True' in log
    checkpoint = 'work_dirs/tiny/iter_2.pth'
    launch(repo / 'tools' / 'dist_test.sh', project, checkpoint, 2, '--out', 'two.json')
    run_tool('test', project, checkpoint, '--out', 'one.json')
    one, two = (json.loads(Path(name).read_text()) for name in ('one.json', 'two.json'))
    assert one == two
    assert one['NME'] > 0


def test_the_scripts_say_how_they_are_called(repo: Path) -> None:
    for script in sorted((repo / 'tools').glob('*.sh')):
        done = subprocess.run([str(script)], capture_output=True, text=True)
        assert done.returncode == 2
        assert done.stderr.startswith('usage: ')
        assert 'CONFIG' in done.stderr
