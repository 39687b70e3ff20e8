"""One case: a small valid input, one file of it mutated, through its entry point."""

from __future__ import annotations

import contextlib
import io
import os
import resource
import signal
import tempfile
import traceback
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random

from fanet_mmpose.errors import friendly_exit
from helpers.fuzz.mutations import MARK, mutate
from helpers.fuzz.target import Target

MEMORY = 4 * 2**30  # bytes of address space above what the process has before the first case
SECONDS = 60  # of a case, on a machine that others use, too
OUTCOMES = ('right', 'sentence', 'traceback', 'hang', 'memory', 'code run')


@dataclass(frozen=True)
class Result:
    """What became of a case; `said` is the sentence, or the end of the traceback."""

    number: int
    target: str
    mutation: str
    outcome: str
    said: str = ''


class Hang(BaseException):  # noqa: N818 - no `except Exception` may swallow it
    """A case took longer than `SECONDS`."""


def limit_memory() -> None:
    """Bound the address space of this process; what asks for more gets a MemoryError."""
    with open('/proc/self/statm') as file:
        now = int(file.read().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (now + MEMORY, resource.RLIM_INFINITY))


def run_case(number: int, seed: int, targets: Mapping[str, Target]) -> Result:
    """Case `number` of a seed: its target, file and mutation depend on nothing else."""
    rng = Random(f'{seed}:{number}')
    target = targets[list(targets)[number % len(targets)]]
    name = rng.choice(target.mutated)
    mutation, content = mutate(name, target.files[name], rng)
    with tempfile.TemporaryDirectory(prefix='fuzz') as folder, _inside(Path(folder)):
        for each, data in {**target.files, name: content}.items():
            path = Path(each)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        outcome, said = _outcome(target)
        if Path(MARK).exists():
            outcome = 'code run'
    return Result(number, target.name, f'{mutation} of {name}', outcome, said)


@contextlib.contextmanager
def _inside(folder: Path) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def _outcome(target: Target) -> tuple[str, str]:
    def stop(*_: object) -> None:
        raise Hang

    said = io.StringIO()
    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(SECONDS)
    try:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(said):
            friendly_exit(target.run)()
        return 'right', ''
    except SystemExit as error:
        lines = [line for line in said.getvalue().splitlines() if line.strip()]
        if error.code != 2 or not lines:
            return 'traceback', f'exit code {error.code} without a sentence'
        return 'sentence', lines[-1]
    except Hang:
        return 'hang', traceback.format_exc(limit=-3)
    except MemoryError:
        return 'memory', traceback.format_exc(limit=-3)
    except Exception:
        return 'traceback', traceback.format_exc()[-3000:]
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
