#!/usr/bin/env python3
"""Make `.venv`, or bring it up to date: `make env`, `make demo` and `make test` call this.

`bootstrap.py --until STEP` stops after that step; `light` is enough for the shipped weights.

Standard library only. Each step leaves a stamp once it is done and checked; a stamp holds a hash
of the step, of the files it reads, of the Python and of the step before. So a run that was
interrupted goes on where it stopped, and a run with nothing to do takes a moment.
Written without newer syntax, so that an old Python can read it far enough to be told so.
"""

import sys

if sys.version_info < (3, 10):
    sys.exit(
        'error: Python 3.10 or newer is needed and %s is %d.%d: run make PYTHON=/path/to/newer'
        % ((sys.executable,) + sys.version_info[:2])
    )

import argparse
import contextlib
import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sysconfig
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bootstrap_steps import DIAGNOSES, NEEDED_GIGABYTES, NEWEST, STEPS, Step

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / '.venv'
STATE = VENV / '.bootstrap'
LOG = VENV / 'bootstrap.log'
PINS = 'requirements/pins.txt'
GIGABYTE = 1 << 30


class SetupError(Exception):
    """One sentence: what is wrong with the machine, and the way out."""


def check_compiler() -> None:
    """A C++17 compiler and the Python headers, tried on two lines."""
    compiler = os.environ.get('CXX') or next(filter(shutil.which, ('c++', 'g++', 'clang++')), None)
    if not compiler or not shutil.which(compiler.split()[0]):
        raise SetupError(
            'there is no C++ compiler: install g++ (apt install build-essential), or set CXX to one'
        )
    headers = sysconfig.get_paths()['include']
    command = f'{compiler} -std=c++17 -fsyntax-only -I{headers} -x c++ -'.split()
    for source, message in (
        (
            '#include <optional>\nstd::optional<int> x;',
            f'{compiler} cannot compile C++17: install g++ 9 or newer, or set CXX to one',
        ),
        ('#include <Python.h>\n', f'{headers} has no Python.h: install python3-dev (or -devel)'),
    ):
        if subprocess.run(command, input=source.encode(), capture_output=True).returncode:
            raise SetupError(message)


def check_disk() -> None:
    """Room for `.venv`, and for what pip unpacks on the way."""
    for folder, needed in (
        (ROOT, NEEDED_GIGABYTES),
        (Path(tempfile.gettempdir()), NEEDED_GIGABYTES / 2),
    ):
        free = shutil.disk_usage(str(folder)).free / GIGABYTE
        if free < needed:
            raise SetupError(
                f'{folder} has {free:.1f} GB free and {needed:.0f} are needed: free some, or use '
                'another disk (clone there; TMPDIR for temporary files)'
            )


def check_machine(stale: list[Step]) -> None:
    """Everything that can be known before the first download, for the steps still to do."""
    version = sys.version_info[:2]
    if version > NEWEST:
        raise SetupError(
            'Python %d.%d is too new for the tested stack: run make PYTHON=python%d.%d'
            % (version + NEWEST)
        )
    if any(importlib.util.find_spec(name) is None for name in ('venv', 'ensurepip')):
        raise SetupError(
            'this Python has no venv module: install python%d.%d-venv, or run make PYTHON=another'
            % version
        )
    names = {step.name for step in stale}
    if 'torch' in names:
        check_disk()
    if names & {'mmcv', 'xtcocotools'}:
        check_compiler()


def fingerprints() -> dict[str, str]:
    """Step name -> hash of all that decides whether the step must run again."""
    digest = hashlib.sha256((sys.version + sys.platform).encode())
    digest.update((ROOT / PINS).read_bytes())
    marks = {}
    for step in STEPS:
        digest.update(repr((step.arguments, step.check)).encode())
        for name in step.arguments:
            if name.endswith('.txt'):
                digest.update((ROOT / name).read_bytes())
        if step.name == 'plugin':
            digest.update((ROOT / 'setup.py').read_bytes())
            digest.update(str((ROOT / 'fanet_mmpose' / 'cli.py').exists()).encode())
        marks[step.name] = digest.hexdigest()
    return marks


def is_done(step: Step, mark: str) -> bool:
    stamp = STATE / step.name
    return stamp.is_file() and stamp.read_text() == mark


@contextlib.contextmanager
def locked() -> Iterator[None]:
    """Let one set-up run at a time; a second one waits for the first."""
    folder = os.open(str(ROOT), os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        print('another make is setting .venv up; waiting for it', flush=True)
        fcntl.flock(folder, fcntl.LOCK_EX)
    try:
        yield
    finally:
        os.close(folder)


def watch(process: subprocess.Popen) -> None:
    """Wait for a process and show that time passes: in place, or a line each half minute."""
    started, shown, tty = time.time(), 0.0, sys.stdout.isatty()
    while process.poll() is None:
        time.sleep(0.2)
        passed = time.time() - started
        if passed - shown >= (1 if tty else 30):
            shown = passed
            text = '    ... %d min %02d s' % divmod(int(passed), 60)
            print('\r' + text if tty else text, end='' if tty else '\n', flush=True)


def run_logged(command: list[str]) -> str:
    """Run a command into the log. Returns '' when it worked, else what it said."""
    environment = dict(os.environ, CFLAGS='-g0', CXXFLAGS='-g0', PIP_DISABLE_PIP_VERSION_CHECK='1')
    environment.pop('PYTHONPATH', None)
    with LOG.open('ab') as log:
        begin = log.tell()
        log.write(('\n$ ' + ' '.join(command) + '\n').encode())
        log.flush()
        process = subprocess.Popen(command, cwd=str(ROOT), env=environment, stdout=log, stderr=log)
        try:
            watch(process)
        except BaseException:
            process.terminate()
            process.wait()
            raise
    if process.returncode == 0:
        return ''
    return LOG.read_bytes()[begin:].decode(errors='replace')


def diagnose(step: Step, output: str) -> str:
    """The sentence for a failed step."""
    for signs, sentence in DIAGNOSES:
        if any(sign in output for sign in signs):
            return f'{sentence} (the whole story: {LOG})'
    return f'installing {step.name} failed in a way this script does not know: see the end of {LOG}'


def run_step(step: Step, number: int) -> None:
    """Install, then check; a build that does not import is built once more without pip's cache."""
    print(f'[{number}/{len(STEPS)}] {step.what}', flush=True)
    python = str(VENV / 'bin' / 'python')
    install = [python, '-m', 'pip', 'install', '-c', PINS] + list(step.arguments)
    check = [python, '-W', 'ignore', '-c', step.check]
    started = time.time()
    output = run_logged(install)
    if not output and run_logged(check):
        print('    it does not import: once more, without the cache of pip', flush=True)
        # That cache does not know which torch a wheel was built against.
        again = install + ['--force-reinstall', '--no-deps', '--no-cache-dir']
        output = run_logged(again) or run_logged(check)
    if output:
        raise SetupError(diagnose(step, output))
    done = f'    done in {time.time() - started:.0f} s'
    print(f'\r{done}          ' if sys.stdout.isatty() else done, flush=True)


def make_venv() -> None:
    """A fresh `.venv` when there is none, or one whose Python is gone, broken or another."""
    with contextlib.suppress(OSError):
        command = [str(VENV / 'bin' / 'python'), '-c', 'import sys, pip; print(sys.version)']
        found = subprocess.run(command, capture_output=True, text=True)
        if found.returncode == 0 and found.stdout.strip() == sys.version.strip():
            return
    print('making %s with Python %d.%d' % ((VENV,) + sys.version_info[:2]), flush=True)
    command = [getattr(sys, '_base_executable', sys.executable), '-m', 'venv', '--clear', str(VENV)]
    made = subprocess.run(command, capture_output=True, text=True)
    if made.returncode:
        last = ((made.stderr or made.stdout).strip().splitlines() or ['no reason given'])[-1]
        raise SetupError(f'{VENV} cannot be made: {last}')


def bring_up_to_date(until: str = STEPS[-1].name) -> None:
    """Run the steps that are stale, in order, up to the one named."""
    marks = fingerprints()
    wanted = STEPS[: [step.name for step in STEPS].index(until) + 1]
    stale = [step for step in wanted if not is_done(step, marks[step.name])]
    if not stale:
        return
    check_machine(stale)
    make_venv()
    stale = [step for step in wanted if not is_done(step, marks[step.name])]
    STATE.mkdir(exist_ok=True)
    minutes = max(1, round(sum(step.minutes for step in stale)))
    print(
        f'setting .venv up: {len(stale)} of {len(STEPS)} steps, at most {minutes} min on 2 cores. '
        'Interrupt it if you must, it goes on where it stopped.',
        flush=True,
    )
    for step in stale:
        stamp = STATE / step.name
        if stamp.exists():
            stamp.unlink()
        run_step(step, STEPS.index(step) + 1)
        stamp.write_text(marks[step.name])
    print(f'.venv is ready{"" if wanted == STEPS else " as far as this needs it"}', flush=True)


def main(options: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    names = [step.name for step in STEPS]
    parser.add_argument('--until', choices=names, default=names[-1], help='the last step to run')
    arguments = parser.parse_args(options)
    try:
        with locked():
            bring_up_to_date(arguments.until)
    except SetupError as error:
        sys.exit('error: ' + str(error))
    except KeyboardInterrupt:
        sys.exit('\ninterrupted: run the same command again to go on')


if __name__ == '__main__':
    main()
