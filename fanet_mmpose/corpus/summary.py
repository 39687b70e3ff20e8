"""The report at the end of a job."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fanet_mmpose.corpus.manifest import Totals
from fanet_mmpose.corpus.stage import Done
from fanet_mmpose.corpus.work import Outcome

WAITING = 'waiting for work'
NAMED = 5  # sources, after which the rest is counted


@dataclass
class Usage:
    """Time and memory of the processes of a run.

    Attributes:
        workers: how many processes.
        seconds: of wall clock by stage, all processes together.
        wall: of all units; less than `workers` times the elapsed time if processes waited.
        cpu: CPU seconds of all units.
        memory: largest resident size of one process, bytes.
    """

    workers: int
    seconds: dict[str, float] = field(default_factory=dict)
    wall: float = 0.0
    cpu: float = 0.0
    memory: int = 0
    start: float = field(default_factory=time.monotonic)

    def add(self, message: Mapping[str, Any]) -> Done:
        """Add a worker's message of a finished unit, ``{"done": …, "memory": bytes}``."""
        done = Done(**message['done'])
        for stage, seconds in done.seconds.items():
            self.seconds[stage] = self.seconds.get(stage, 0.0) + seconds
        self.wall += done.wall
        self.cpu += done.cpu
        self.memory = max(self.memory, message['memory'])
        return done

    def shares(self, elapsed: float) -> dict[str, float]:
        """Share of each stage in the time of all processes, and of waiting; largest first."""
        total = max(elapsed * self.workers, self.wall, 1e-9)
        shares = {stage: seconds / total for stage, seconds in self.seconds.items()}
        shares[WAITING] = 1 - self.wall / total
        return dict(sorted(shares.items(), key=lambda pair: -pair[1]))


def format_summary(outcome: Outcome, usage: Usage, totals: Totals, out: Path) -> str:
    """Lines: what was found, how fast, and what took the time."""
    elapsed = max(time.monotonic() - usage.start, 1e-9)
    lines = [
        f'{_count(outcome.faces, "face")} in {_count(outcome.inputs, "input")} of this run; in '
        f'all {_count(totals.faces, "face")} in {_count(totals.inputs, "input")}, '
        f'{_count(totals.errors, "error")}, {_count(totals.parts, "part")} -> {out}'
    ]
    if outcome.inputs:
        lines.append(
            f'{outcome.inputs / elapsed:.1f} inputs a second, '
            f'{usage.cpu / outcome.inputs:.4f} CPU seconds an input, '
            f'{_count(usage.workers, "process", "es")} of at most {usage.memory / 1e6:.0f} MB'
        )
        shares = usage.shares(elapsed).items()
        lines.append('time: ' + ', '.join(f'{name} {100 * part:.0f} %' for name, part in shares))
    return '\n'.join(lines)


def complaints(outcome: Outcome, errors: int) -> list[str]:
    """Lines: up to `NAMED` missing and as many empty sources, and one for all error rows."""
    gone = [f'error: {sentence}' for sentence in outcome.gone.values()]
    empty = [f'note: {name}: holds no picture, shard, table or video' for name in outcome.empty]
    lines = [*_first(gone, 'error'), *_first(empty, 'note')]
    if outcome.lost:
        lost = _count(outcome.lost, 'part')
        lines.append(f'note: {lost} of earlier runs had been deleted: their inputs were new ones')
    if errors:
        first = f', the first of this run: {outcome.first_error}' if outcome.first_error else ''
        lines.append(f'error: {_count(errors, "input")} failed (rows with `error`){first}')
    return list(map(_printable, lines))


def _printable(text: str) -> str:
    """One line that does nothing to a terminal, whatever is in names of files."""
    letters = (c if c.isprintable() else c.encode('unicode_escape').decode() for c in text)
    return ''.join(letters)


def _first(lines: list[str], kind: str) -> list[str]:
    left = len(lines) - NAMED
    return [*lines[:NAMED], *([f'{kind}: and {_count(left, "more source")}'] if left > 0 else [])]


def _count(number: int, thing: str, plural: str = 's') -> str:
    return f'{number:,} {thing}{"" if number == 1 else plural}'
