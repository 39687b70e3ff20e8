"""The Slurm scripts, with an `srun` that runs what it is given."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from helpers.gloo_job import free_port
from helpers.srun import write_srun
from helpers.tiny_faces import write_project


@pytest.fixture
def environment(tmp_path: Path, repo: Path) -> dict[str, str]:
    """Two tasks, and `srun` first on PATH."""
    srun = write_srun(tmp_path / 'bin')
    return dict(
        os.environ, PATH=f'{srun.parent}{os.pathsep}{os.environ["PATH"]}', PYTHON=sys.executable,
        PYTHONPATH=str(repo), OMP_NUM_THREADS='1', GPUS='2', GPUS_PER_NODE='2', CPUS_PER_TASK='1',
        SRUN_ARGS='--time=10 --exclusive', SRUN_SEEN=str(tmp_path / 'seen.json'),
        MASTER_PORT=free_port(),
    )  # fmt: skip


def run(script: Path, environment: dict[str, str], *arguments: object) -> str:
    done = subprocess.run(
        [str(script), *map(str, arguments)], env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr[-5000:]
    return done.stdout + done.stderr


def test_train_and_test_as_srun_starts_them(
    repo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]
) -> None:
    monkeypatch.chdir(tmp_path)
    config = write_project(tmp_path, test=3)
    train, test = (repo / 'tools' / f'slurm_{name}.sh' for name in ('train', 'test'))
    log = run(train, environment, 'some_part', 'a_name', config, '--no-validate')
    assert 'Distributed training: True' in log
    assert json.loads(Path('seen.json').read_text()) == {
        '-p': 'some_part', '--job-name': 'a_name', '--gres': 'gpu:2', '--ntasks': '2',
        '--ntasks-per-node': '2', '--cpus-per-task': '1', '--kill-on-bad-exit': '1',
        '--time': '10', '--exclusive': '',
    }  # fmt: skip
    environment = dict(environment, GPUS_PER_NODE='0', MASTER_PORT=free_port())
    checkpoint = 'work_dirs/tiny/iter_2.pth'
    run(test, environment, 'p', 'n', config, checkpoint, '--out', 'metrics.json')
    assert json.loads(Path('metrics.json').read_text())['NME'] > 0
    seen = json.loads(Path('seen.json').read_text())
    assert '--gres' not in seen and '--ntasks-per-node' not in seen  # CPUs alone


def test_without_srun_there_is_one_sentence(sentence, project: Path) -> None:
    said = sentence('train', project, '--launcher', 'slurm')
    assert 'SLURM_PROCID is not set' in said
    assert 'tools/slurm_train.sh' in said
