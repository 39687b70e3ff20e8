"""How quick are models, in PyTorch and in ONNX Runtime, side by side."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from itertools import product
from pathlib import Path

import numpy as np
import torch
from torch import nn

from fanet_mmpose.deploy.timed_model import build_timed
from fanet_mmpose.deploy.timed_runtime import Run, build_run, check_runtimes
from fanet_mmpose.engine.dry_forward import input_size_of

USUAL = ('pytorch', 'onnx', 'onnx-int8')


@dataclass(frozen=True)
class BenchmarkOptions:
    """What is timed.

    Attributes:
        batches: batch sizes; latency is that of a whole batch.
        threads: numbers of threads.
        runtimes: some of `timed_runtime.RUNTIMES`.
        seconds: of timing for each row, after a warm-up.
        rounds: shares of that time, taken in turn over all models, so that what else the machine
            does falls on every model alike.
    """

    batches: tuple[int, ...] = (1, 8, 32)
    threads: tuple[int, ...] = (1, 2)
    runtimes: tuple[str, ...] = USUAL
    seconds: float = 3.0
    rounds: int = 5


@dataclass(frozen=True)
class Timing:
    """One row.

    Attributes:
        model: config's name.
        runtime: one of `timed_runtime.RUNTIMES`.
        threads, batch: as asked.
        p50, p95: ms per batch.
        faces_per_second: at p50.
        ratio: p50 over that of the first model in the same runtime, threads and batch.
    """

    model: str
    runtime: str
    threads: int
    batch: int
    p50: float
    p95: float
    faces_per_second: float
    ratio: float = 1.0


def benchmark(configs: Iterable[str | Path], options: BenchmarkOptions) -> list[Timing]:
    """Time every config in every runtime, batch size and number of threads; random weights.

    Raises:
        UserError: see `build_timed` and `check_runtimes`.
    """
    check_runtimes(options.runtimes)
    networks = {Path(config).stem: build_timed(config) for config in configs}
    rows: list[Timing] = []
    for runtime, threads in product(options.runtimes, options.threads):
        with tempfile.TemporaryDirectory() as folder, _torch_threads(threads):
            runs = {
                name: build_run(network, runtime, threads, Path(folder))
                for name, network in networks.items()
            }
            for batch in options.batches:
                rows += _time_together(runs, networks, (runtime, threads, batch), options)
    return rows


@contextmanager
def _torch_threads(threads: int) -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(threads)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def _time_together(
    runs: dict[str, Run],
    networks: dict[str, nn.Module],
    setting: tuple[str, int, int],
    options: BenchmarkOptions,
) -> list[Timing]:
    """One row for each model, timed in turns; the first is the one that ratios refer to."""
    runtime, threads, batch = setting
    rng = np.random.default_rng(0)
    times: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(options.rounds):
        for name, run in runs.items():
            width, height = input_size_of(networks[name])
            images = rng.integers(0, 256, (batch, 3, height, width), np.uint8)
            times[name] += time_calls(partial(run, images), options.seconds / options.rounds)
    rows = []
    for name, taken in times.items():
        p50, p95 = np.percentile(taken, [50, 95]) * 1000
        rows.append(Timing(name, runtime, threads, batch, p50, p95, batch / p50 * 1000))
    return [replace(row, ratio=row.p50 / rows[0].p50) for row in rows]


def time_calls(call: Callable[[], object], seconds: float) -> list[float]:
    """Seconds that each call took, repeated for about `seconds`, after two calls to warm up."""
    for _ in range(2):
        call()
    taken: list[float] = []
    end = time.perf_counter() + seconds
    while not taken or time.perf_counter() < end:
        start = time.perf_counter()
        call()
        taken.append(time.perf_counter() - start)
    return taken


def format_rows(rows: Iterable[Timing]) -> str:
    """A table in Markdown."""
    lines = [
        '| model | runtime | threads | batch | p50 ms | p95 ms | faces/s | × the first |',
        '|---|---|---|---|---|---|---|---|',
    ]
    lines += [
        f'| {row.model} | {row.runtime} | {row.threads} | {row.batch} | {row.p50:.2f} | '
        f'{row.p95:.2f} | {row.faces_per_second:.0f} | {row.ratio:.2f} |'
        for row in rows
    ]
    return '\n'.join(lines)
