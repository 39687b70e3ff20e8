"""Many cases in one process that may die or hang: the guard notes it and goes on after the case."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from helpers.fuzz.cases import SECONDS, Result

START = 300  # seconds until a process has imported everything and made its inputs


def run_guarded(script: Path, cases: int, seed: int, first: int = 0) -> Iterator[Result]:
    """Run cases in processes of `script --worker`, one at a time, begun anew where one ends."""
    number = first
    while number < cases:
        command = [sys.executable, str(script), '--worker', str(number), '--cases', str(cases),
                   '--seed', str(seed)]  # fmt: skip
        with subprocess.Popen(command, stdout=subprocess.PIPE, bufsize=0) as process:
            for line in _lines(process):
                yield Result(**json.loads(line))
                number += 1
            hung = process.poll() is None
            if hung:
                process.kill()
        if number < cases:
            outcome = 'hang' if hung else 'traceback'
            how = f'the process ended with {process.returncode}'
            yield Result(number, '?', '?', outcome, how)
            number += 1


def _lines(process: subprocess.Popen[bytes]) -> Iterator[bytes]:
    """Lines of a process until it ends, or is silent for longer than a case may take."""
    import selectors

    with selectors.DefaultSelector() as waiting:
        waiting.register(process.stdout, selectors.EVENT_READ)
        patience, begun, rest = START, time.monotonic(), b''
        while waiting.select(timeout=max(0.1, patience - (time.monotonic() - begun))):
            read = process.stdout.read(65536)
            if not read:
                process.wait()
                return
            *whole, rest = (rest + read).split(b'\n')
            yield from whole
            patience, begun = 2 * SECONDS, time.monotonic()
