"""What `fanet annotate` costs: inputs a second, CPU seconds, and memory while it runs."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import psutil

from fanet_mmpose.corpus.manifest import MANIFEST_FILE
from fanet_mmpose.corpus.part_reader import read_rows
from fanet_mmpose.errors import UserError


@dataclass
class AnnotateRun:
    """One run of the command.

    Attributes:
        workers: processes it was given.
        inputs: that are in finished parts at its end.
        faces: found in them.
        rows: of its parts: one for each face, one for an input without.
        twice: rows of a face, or of an input without, that has a row already.
        lost: inputs in finished parts that have no row.
        wall: seconds from start to end, loading of the models included.
        cpu: seconds of all its processes.
        others: cores that other programs kept busy meanwhile, on average.
        samples: (seconds since the start, finished inputs, MB of the job, MB of its largest
            worker) at equal intervals; resident sizes.
    """

    workers: int
    inputs: int = 0
    faces: int = 0
    rows: int = 0
    twice: int = 0
    lost: int = 0
    wall: float = 0.0
    cpu: float = 0.0
    others: float = 0.0
    samples: list[tuple[float, int, float, float]] = field(default_factory=list)

    @property
    def inputs_per_second(self) -> float:
        """Of wall clock."""
        return self.inputs / self.wall

    @property
    def cpu_per_input(self) -> float:
        """CPU seconds."""
        return self.cpu / max(self.inputs, 1)


def run_annotate(
    arguments: Sequence[str], workers: int, interval: float, seconds: float = float('inf')
) -> AnnotateRun:
    """Run `fanet annotate` with these arguments into a folder that is deleted, and watch it.

    Args:
        arguments: sources and options, without ``-o`` and ``--workers``.
        workers: processes.
        interval: seconds between two samples.
        seconds: after which it is told to close its parts and end.

    Raises:
        UserError: the command ended with an exit code that is neither 0, 1 nor 130.
    """
    with TemporaryDirectory() as folder:
        out = Path(folder) / 'out'
        command = [sys.executable, '-m', 'fanet_mmpose', 'annotate', *arguments, '-o', str(out)]
        run, busy, start = AnnotateRun(workers), _busy_seconds(), time.monotonic()
        job = subprocess.Popen([*command, '--workers', str(workers)])
        status, usage = _watch(job, run, out, interval, start + seconds)
        run.wall = time.monotonic() - start
        run.cpu = usage.ru_utime + usage.ru_stime
        run.others = max(0.0, (_busy_seconds() - busy - run.cpu) / run.wall)
        run.inputs, run.faces = _done(out)
        run.rows, run.twice, run.lost = _count_rows(out, run.inputs)
    if (code := os.waitstatus_to_exitcode(status)) not in (0, 1, 130):
        raise UserError(f'fanet annotate ended with exit code {code}, see above')
    return run


def _watch(
    job: subprocess.Popen, run: AnnotateRun, out: Path, interval: float, end: float
) -> tuple[int, object]:
    """Sample until it ends; its status and resource usage, which counts its dead children."""
    start = time.monotonic()
    late = start + interval
    while True:
        pid, status, usage = os.wait4(job.pid, os.WNOHANG)
        if pid:
            job.returncode = os.waitstatus_to_exitcode(status)
            return status, usage
        now = time.monotonic()
        if now > end:
            job.terminate()
            end = float('inf')
        if now >= late:
            late = now + interval
            run.samples.append((round(now - start, 1), _done(out)[0], *_resident(job.pid)))
        time.sleep(0.05)


def drift(run: AnnotateRun, warm_up: float = 0.2) -> float:
    """MB that the largest worker grows by in 100,000 inputs; a line through the samples.

    Args:
        run: with samples.
        warm_up: share of the inputs, at the start, that is left out: models load, caches fill.

    Raises:
        UserError: too few samples are left.
    """
    samples = [(count, size) for _, count, _, size in run.samples if size]
    table = np.array(samples, float).reshape(-1, 2)
    table = table[table[:, 0] >= warm_up * run.inputs]
    if len(np.unique(table[:, 0])) < 3:
        raise UserError('too few samples for a drift: watch a longer run, or more often')
    return float(np.polyfit(table[:, 0], table[:, 1], 1)[0] * 100_000)


def _done(out: Path) -> tuple[int, int]:
    """Inputs and faces in finished parts; zeros before the manifest is there."""
    if not (out / MANIFEST_FILE).exists():
        return 0, 0
    query = 'SELECT SUM(inputs), SUM(faces) FROM units WHERE items IS NULL'
    try:
        with closing(sqlite3.connect(f'file:{out / MANIFEST_FILE}?mode=ro', uri=True)) as db:
            inputs, faces = db.execute(query).fetchone()
    except sqlite3.OperationalError:  # just being made
        return 0, 0
    return inputs or 0, faces or 0


def _count_rows(out: Path, inputs: int) -> tuple[int, int, int]:
    """Rows of the parts, those of them that repeat another, and inputs that have none."""
    rows = Counter(
        (row['source'], row['key'], row['time'], row['face'])
        for row in read_rows(out, ('source', 'key', 'time', 'face'))
    )
    return rows.total(), rows.total() - len(rows), inputs - len({row[:3] for row in rows})


def _resident(pid: int) -> tuple[float, float]:
    """MB of a process and of its largest child; zeros if they have ended."""
    try:
        job = psutil.Process(pid)
        sizes = [one.memory_info().rss / 1e6 for one in (job, *job.children())]
        return sizes[0], max(sizes[1:], default=0.0)
    except psutil.NoSuchProcess:
        return 0.0, 0.0


def _busy_seconds() -> float:
    """CPU seconds of all programs since the machine was started."""
    times = psutil.cpu_times()
    return times.user + times.nice + times.system + times.irq + times.softirq
