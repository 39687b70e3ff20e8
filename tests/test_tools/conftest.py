"""The tools as a user runs them, without the price of a new process each time."""

from __future__ import annotations

import runpy
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from helpers.tiny_faces import write_project
from mmengine.registry import DefaultScope

RunTool = Callable[..., None]


@pytest.fixture
def run_tool(repo: Path, monkeypatch: pytest.MonkeyPatch) -> RunTool:
    """Run `tools/<name>.py` with arguments in this process."""

    def run(name: str, *arguments: object) -> None:
        with monkeypatch.context() as patch:
            patch.setattr(sys, 'argv', [name, *map(str, arguments)])
            runpy.run_path(str(repo / 'tools' / f'{name}.py'), run_name='__main__')

    # The runner makes `mmpose` the default scope of the whole process.
    with DefaultScope.overwrite_default_scope('mmpose'):
        yield run


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small config with its data; results go beside it."""
    monkeypatch.chdir(tmp_path)
    return write_project(tmp_path)


@pytest.fixture
def sentence(run_tool: RunTool, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """What a tool says when it stops: exit code 2, and one line on stderr."""

    def fail(name: str, *arguments: object) -> str:
        with pytest.raises(SystemExit) as caught:
            run_tool(name, *arguments)
        assert caught.value.code == 2
        last = capsys.readouterr().err.strip().splitlines()[-1]
        assert last.startswith('error: ')
        return last

    return fail
