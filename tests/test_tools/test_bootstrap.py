"""The set-up says what is wrong with a machine in one sentence, and repeats only what is stale."""

from __future__ import annotations

import runpy
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest


@pytest.fixture
def bootstrap(repo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """The script's functions, with its state in a temporary folder."""
    monkeypatch.syspath_prepend(repo / 'tools/misc')
    names = runpy.run_path(str(repo / 'tools/misc/bootstrap.py'))
    spaces = names['main'].__globals__
    state = tmp_path / 'venv' / 'state'
    state.mkdir(parents=True)
    spaces.update(VENV=tmp_path / 'venv', STATE=state, LOG=tmp_path / 'venv' / 'log')
    return SimpleNamespace(**names, globals=spaces)


def sentence(bootstrap: SimpleNamespace, call: Callable[[], object]) -> str:
    with pytest.raises(bootstrap.SetupError) as caught:
        call()
    assert '\n' not in str(caught.value)
    return str(caught.value)


def test_this_machine_will_do(bootstrap: SimpleNamespace) -> None:
    bootstrap.check_compiler()


def test_no_compiler(bootstrap: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv('CXX', raising=False)
    monkeypatch.setenv('PATH', '/nowhere')
    assert 'no C++ compiler: install g++' in sentence(bootstrap, bootstrap.check_compiler)


def test_a_compiler_without_cpp17(
    bootstrap: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv('CXX', 'false')
    assert 'false cannot compile C++17' in sentence(bootstrap, bootstrap.check_compiler)


def test_no_python_headers(bootstrap: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(
        bootstrap.globals, 'sysconfig', SimpleNamespace(get_paths=lambda: dict(include='/nowhere'))
    )
    assert '/nowhere has no Python.h' in sentence(bootstrap, bootstrap.check_compiler)


def test_no_disk(bootstrap: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = SimpleNamespace(disk_usage=lambda _: SimpleNamespace(free=3 << 30))
    monkeypatch.setitem(bootstrap.globals, 'shutil', usage)
    assert 'has 3.0 GB free and 8 are needed' in sentence(bootstrap, bootstrap.check_disk)


@pytest.mark.parametrize(
    ('output', 'said'),
    [
        ('OSError: [Errno 28] No space left on device', 'disk is full'),
        (
            'Retrying ... NewConnectionError ...\nNo matching distribution found',
            'cannot be reached',
        ),
        ('ERROR: No matching distribution found for torch', 'has no version that fits'),
        ('fatal error: Python.h: No such file or directory', 'python3-dev'),
        ('g++: fatal error: Killed signal terminated program cc1plus', 'MAX_JOBS=1'),
        ('something new', 'does not know: see the end of'),
    ],
)
def test_what_pip_says_becomes_a_sentence(
    bootstrap: SimpleNamespace, output: str, said: str
) -> None:
    assert said in bootstrap.diagnose(bootstrap.STEPS[1], output)


def test_python_that_is_too_new(
    bootstrap: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake = ModuleType('sys')
    fake.version_info = (3, 99, 0)
    monkeypatch.setitem(bootstrap.globals, 'sys', fake)
    said = sentence(bootstrap, lambda: bootstrap.check_machine([]))
    assert 'Python 3.99 is too new' in said


def test_python_without_venv(bootstrap: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    util = SimpleNamespace(util=SimpleNamespace(find_spec=lambda _: None))
    monkeypatch.setitem(bootstrap.globals, 'importlib', util)
    assert 'no venv module' in sentence(bootstrap, lambda: bootstrap.check_machine([]))


def test_python_that_is_too_old(repo: Path) -> None:
    old = (
        'import sys, runpy; sys.version_info = (3, 9, 18); '
        f'runpy.run_path({str(repo / "tools/misc/bootstrap.py")!r}, run_name="__main__")'
    )
    done = subprocess.run([sys.executable, '-c', old], capture_output=True, text=True)
    assert done.returncode == 1
    assert 'Python 3.10 or newer is needed' in done.stderr
    assert 'Traceback' not in done.stderr


def test_a_step_changes_itself_and_what_follows(
    bootstrap: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = bootstrap.fingerprints()
    assert before == bootstrap.fingerprints()
    steps = list(bootstrap.STEPS)
    steps[4] = steps[4]._replace(arguments=('another',))
    monkeypatch.setitem(bootstrap.globals, 'STEPS', steps)
    after = bootstrap.fingerprints()
    changed = [before[step.name] != after[step.name] for step in steps]
    assert changed == [False] * 4 + [True] * (len(steps) - 4)


def test_a_changed_requirement_makes_its_step_stale(
    bootstrap: SimpleNamespace, repo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(repo / 'requirements', tmp_path / 'requirements')
    shutil.copy(repo / 'setup.py', tmp_path)
    monkeypatch.setitem(bootstrap.globals, 'ROOT', tmp_path)
    before = bootstrap.fingerprints()
    with (tmp_path / 'requirements' / 'demo.txt').open('a') as file:
        file.write('another\n')
    after = bootstrap.fingerprints()
    stale = [name for name, mark in after.items() if mark != before[name]]
    assert stale == ['rest', 'opencv', 'plugin']


def test_only_stale_steps_run(bootstrap: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[str] = []
    for name in ('check_machine', 'make_venv'):
        monkeypatch.setitem(bootstrap.globals, name, lambda *_: None)
    monkeypatch.setitem(bootstrap.globals, 'run_step', lambda step, _: ran.append(step.name))
    bootstrap.bring_up_to_date()
    assert ran == [step.name for step in bootstrap.STEPS]
    ran.clear()
    bootstrap.bring_up_to_date()
    assert not ran
    (bootstrap.globals['STATE'] / 'mmpose').unlink()
    bootstrap.bring_up_to_date()
    assert ran == ['mmpose']


def test_the_first_picture_waits_for_one_light_step(
    bootstrap: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No compiler is asked for, and neither torch nor mmcv is installed before it."""
    ran: list[str] = []
    monkeypatch.setitem(bootstrap.globals, 'make_venv', lambda: None)
    monkeypatch.setitem(bootstrap.globals, 'run_step', lambda step, _: ran.append(step.name))
    monkeypatch.setenv('PATH', '/nowhere')
    bootstrap.main(['--until', 'light'])
    assert ran == ['light']
    (light,) = (step for step in bootstrap.STEPS if step.name == 'light')
    heavy = ('torch', 'mmcv', 'mmengine', 'mmpose', '.txt', '-e')
    assert not [part for part in light.arguments if part.endswith(heavy)]


def test_make_says_what_comes_and_how_long(repo: Path) -> None:
    # The suite itself may run under make, which would then name the folders it enters.
    make = ['make', '--no-print-directory', '-n']
    for target in ('demo', 'test'):
        said = subprocess.run([*make, target], cwd=repo, capture_output=True, text=True)
        first = said.stdout.splitlines()[0]
        assert first.startswith(f"echo 'make {target}: 1. ")
        assert 'minute' in first
    lines = subprocess.run([*make, 'demo'], cwd=repo, capture_output=True, text=True).stdout
    order = [lines.index(part) for part in ('--until light', '--step photograph', '--step train')]
    assert order == sorted(order)


def test_an_interrupted_step_leaves_no_stamp(
    bootstrap: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(step: object, _: int) -> None:
        raise KeyboardInterrupt

    for name in ('check_machine', 'make_venv'):
        monkeypatch.setitem(bootstrap.globals, name, lambda *_: None)
    monkeypatch.setitem(bootstrap.globals, 'run_step', stop)
    with pytest.raises(SystemExit, match='run the same command again'):
        bootstrap.main([])
    assert not list(bootstrap.globals['STATE'].iterdir())


def test_a_wheel_that_does_not_import_is_built_again(
    bootstrap: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands: list[list[str]] = []
    names = [step.name for step in bootstrap.STEPS]

    def pretend(command: list[str]) -> str:
        commands.append(command)
        return 'undefined symbol' if len(commands) == 2 else ''  # the first check

    monkeypatch.setitem(bootstrap.globals, 'run_logged', pretend)
    bootstrap.run_step(bootstrap.STEPS[names.index('mmcv')], 5)
    assert [('--no-cache-dir' in command) for command in commands] == [False, False, True, False]


def test_every_install_is_pinned(repo: Path, bootstrap: SimpleNamespace) -> None:
    """Nothing is left to what an index happens to have, and every pin says why."""
    lines = [line for line in (repo / 'requirements/pins.txt').read_text().splitlines() if line]
    pins = [line for line in lines if not line.startswith('#')]
    assert all('#' in line for line in pins)
    pinned = {line.split('=')[0].split('<')[0].strip() for line in pins}
    wanted = {
        part
        for step in bootstrap.STEPS
        for part in step.arguments
        if not part.startswith('-') and not part.endswith('.txt') and part != '.'
    }
    assert wanted - {'wheel'} <= pinned
