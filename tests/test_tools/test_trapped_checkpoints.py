"""No tool runs what a checkpoint says, whichever way the checkpoint is named."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import mmpose
import pytest
from helpers.trapped_checkpoint import TrappedCheckpoint, write_config_trap

Sentence = Callable[..., str]
REFUSED = 'more than weights'


@pytest.fixture
def trap(project: Path) -> TrappedCheckpoint:
    return TrappedCheckpoint(project.parent)


@pytest.fixture(autouse=True)
def nothing_ran(trap: TrappedCheckpoint) -> None:
    yield
    assert not trap.sprung


def test_resume_from_a_file(sentence: Sentence, project: Path, trap: TrappedCheckpoint) -> None:
    assert REFUSED in sentence('train', project, '--resume', trap.path)


def test_resume_from_the_latest(sentence: Sentence, project: Path, trap: TrappedCheckpoint) -> None:
    folder = Path('work_dirs/tiny')
    folder.mkdir(parents=True)
    shutil.copy(trap.path, folder / 'iter_1.pth')
    (folder / 'last_checkpoint').write_text(str(folder / 'iter_1.pth'))
    assert REFUSED in sentence('train', project, '--resume')


@pytest.mark.parametrize('field', ['load_from', 'model.backbone.init_cfg.checkpoint'])
def test_start_from_a_file(
    sentence: Sentence, project: Path, trap: TrappedCheckpoint, field: str
) -> None:
    kind = ['model.backbone.init_cfg.type=Pretrained'] if 'init_cfg' in field else []
    given = ['--cfg-options', *kind, f'{field}={trap.path}']
    assert REFUSED in sentence('train', project, *given)


def test_resume_as_the_config_says(
    sentence: Sentence, project: Path, trap: TrappedCheckpoint
) -> None:
    given = ['--cfg-options', f'load_from={trap.path}', 'resume=True']
    assert REFUSED in sentence('train', project, *given)


def test_test(sentence: Sentence, project: Path, trap: TrappedCheckpoint) -> None:
    assert REFUSED in sentence('test', project, trap.path)


def test_resume_from_data_with_a_program_as_config(
    run_tool: Callable, sentence: Sentence, project: Path
) -> None:
    write_config_trap(Path('c.pth'), project.parent / 'sprung')
    assert 'field' in sentence('train', project, '--resume', 'c.pth')


def test_mmposes_own_tool(project: Path, trap: TrappedCheckpoint) -> None:
    tool = Path(mmpose.__file__).parent / '.mim' / 'tools' / 'train.py'
    given = ['--cfg-options', f'load_from={trap.path}']
    done = subprocess.run([sys.executable, tool, project, *given], capture_output=True, text=True)
    assert done.returncode != 0 and REFUSED in done.stderr
