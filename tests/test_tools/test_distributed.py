"""Two processes on the CPU train, and measure what one process measures, to the last digit."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from helpers.gloo_job import free_port
from helpers.tiny_faces import write_project

FACES = 9  # with batches of 4: 4+4+1 in one process, 4+1 in each of two, one face counted twice


def environment() -> dict[str, str]:
    """This Python, and a port of its own."""
    return dict(os.environ, PYTHON=sys.executable, PORT=free_port(), OMP_NUM_THREADS='1')


def launch(script: Path, *arguments: object) -> str:
    """Run a `dist_*.sh` with this Python; its output."""
    done = subprocess.run(
        [str(script), *map(str, arguments)], env=environment(), capture_output=True, text=True
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


def ranks(launcher: int) -> dict[str, int]:
    """Rank -> number of the process, of those that a launcher has started."""
    children = Path(f'/proc/{launcher}/task/{launcher}/children').read_text().split()
    found = {}
    for child in map(int, children):
        variables = Path(f'/proc/{child}/environ').read_bytes().split(b'\0')
        found.update({v[5:].decode(): child for v in variables if v.startswith(b'RANK=')})
    return found


@pytest.mark.skipif(sys.platform != 'linux', reason='processes are found in /proc')
def test_a_killed_process_ends_the_job_in_one_sentence(repo: Path, tmp_path: Path) -> None:
    config, log = write_project(tmp_path), tmp_path / 'log.txt'
    for_ever = ('train_cfg.max_iters=1000000', 'train_cfg.val_interval=1000000')
    with log.open('w') as file:
        job = subprocess.Popen(
            [str(repo / 'tools' / 'dist_train.sh'), str(config), '2', '--cfg-options', *for_ever],
            env=environment(), stdout=file, stderr=file, cwd=tmp_path, start_new_session=True,
        )  # fmt: skip
    try:
        while 'Epoch(train)' not in log.read_text():
            assert job.poll() is None, log.read_text()[-3000:]
            time.sleep(0.2)
        processes = ranks(job.pid)
        os.kill(processes['1'], signal.SIGKILL)
        code = job.wait(60)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(job.pid, signal.SIGKILL)
    assert code == 2
    output = log.read_text()
    assert 'Traceback' not in output
    (said,) = [line for line in output.splitlines() if line.startswith('error: ')]
    assert 'process 1 was ended by SIGKILL' in said
    assert '--resume' in said
    assert not any(Path(f'/proc/{number}').exists() for number in processes.values())


def test_the_scripts_say_how_they_are_called(repo: Path) -> None:
    for script in sorted((repo / 'tools').glob('*.sh')):
        done = subprocess.run([str(script)], capture_output=True, text=True)
        assert done.returncode == 2
        assert done.stderr.startswith('usage: ')
        assert 'CONFIG' in done.stderr
