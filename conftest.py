"""Fixtures that every test may use."""

from __future__ import annotations

import os
import runpy
import signal
import sys
from collections import OrderedDict
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

# Threads of one operator wait for each other; on a machine that is busy with anything else, such as
# the other half of these tests, that makes a small network many times slower. Read at the import of
# NumPy and PyTorch, and inherited by the processes that tests start.
os.environ.setdefault('OMP_NUM_THREADS', '1')

RunTool = Callable[..., None]

REPO = Path(__file__).resolve().parent


@pytest.fixture(autouse=True)
def open_loggers() -> None:
    """MMEngine's loggers outlive a test; its captured output, which they write to, does not."""
    logging = sys.modules.get('mmengine.logging')
    instances = getattr(logging, 'MMLogger', None)
    for logger in getattr(instances, '_instance_dict', {}).values():
        for handler in logger.handlers:
            if getattr(getattr(handler, 'stream', None), 'closed', False):
                handler.stream = sys.stdout


@pytest.fixture(autouse=True)
def signals_as_before() -> Iterator[None]:
    """A handler that a test leaves behind is inherited by processes of later tests.

    One that raises can keep them alive: their parent, which asked them to end, waits for ever.
    """
    numbers = (signal.SIGINT, signal.SIGTERM)
    before = {number: signal.getsignal(number) for number in numbers}
    yield
    left = [number.name for number in numbers if signal.getsignal(number) != before[number]]
    for number in numbers:
        signal.signal(number, before[number])
    assert not left, f'the test left its own handler of {left}'


@pytest.fixture(scope='session')
def repo() -> Path:
    """Root of the checkout."""
    return REPO


@pytest.fixture(scope='session')
def shared_dir() -> Path:
    """Real faces laid beside the checkout; tests that need them are skipped elsewhere."""
    folder = REPO.parent / 'shared'
    if not (folder / 'data').is_dir():
        pytest.skip('real face data is not beside this checkout')
    return folder


@pytest.fixture(scope='module')
def mmpose_scope() -> Iterator[None]:
    """Parts are looked up in MMPose's registries, where a runner would look."""
    from mmengine.registry import DefaultScope

    with DefaultScope.overwrite_default_scope('mmpose'):
        yield


@pytest.fixture
def run_tool(repo: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[RunTool]:
    """Run the tool `<name>.py` of `tools/` or of a project with arguments in this process."""
    scripts = {path.stem: path for path in repo.glob('projects/*/tools/*.py')}
    scripts |= {path.stem: path for path in repo.glob('tools/**/*.py') if not path.is_symlink()}

    def run(name: str, *arguments: object) -> None:
        with monkeypatch.context() as patch:
            patch.setattr(sys, 'argv', [name, *map(str, arguments)])
            runpy.run_path(str(scripts[name]), run_name='__main__')

    from mmengine.registry import DefaultScope
    from mmengine.visualization import Visualizer

    # A hook asks for the newest visualizer of the process: an earlier test's would be another kind.
    monkeypatch.setattr(Visualizer, '_instance_dict', OrderedDict())
    # The runner makes `mmpose` the default scope of the whole process.
    with DefaultScope.overwrite_default_scope('mmpose'):
        yield run


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small config with its data; results go beside it."""
    from helpers.tiny_faces import write_project

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
