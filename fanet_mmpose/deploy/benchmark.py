"""How quick are models, in PyTorch and in ONNX Runtime, side by side."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
import torch
from mmengine.registry import DefaultScope
from torch import Tensor, nn

from fanet_mmpose.deploy.export import write_graph
from fanet_mmpose.deploy.network import CropToLandmarks, Normalize
from fanet_mmpose.deploy.runtime import INPUT
from fanet_mmpose.engine.dry_forward import input_size_of
from fanet_mmpose.engine.launch import load_config
from fanet_mmpose.errors import UserError
from fanet_mmpose.models.local_coordinate_head import LocalCoordinateHead

RUNTIMES = ('pytorch', 'onnx', 'onnx-int8')
Run = Callable[[np.ndarray], object]


@dataclass(frozen=True)
class BenchmarkOptions:
    """What is timed.

    Attributes:
        batches: batch sizes; latency is that of a whole batch.
        threads: numbers of threads.
        runtimes: some of `RUNTIMES`.
        seconds: of timing for each row, after a warm-up.
        rounds: shares of that time, taken in turn over all models, so that what else the machine
            does falls on every model alike.
    """

    batches: tuple[int, ...] = (1, 8, 32)
    threads: tuple[int, ...] = (1, 2)
    runtimes: tuple[str, ...] = RUNTIMES
    seconds: float = 3.0
    rounds: int = 5


@dataclass(frozen=True)
class Timing:
    """One row.

    Attributes:
        model: config's name.
        runtime: one of `RUNTIMES`.
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


class RawOutputs(nn.Module):
    """Any top-down estimator, from uint8 crop to what its head gives, not decoded.

    Heads other than ours are decoded on the CPU by MMPose; leaving that out favours them.
    """

    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        self.normalize = Normalize(model.data_preprocessor)
        self.backbone, self.head = model.backbone, model.head
        self.neck = model.neck if getattr(model, 'neck', None) is not None else nn.Identity()
        self.codec = model.head.decoder

    def forward(self, image: Tensor) -> tuple[Tensor, ...]:
        outputs = self.head(self.neck(self.backbone(self.normalize(image))))
        return (outputs,) if isinstance(outputs, Tensor) else tuple(outputs)


def build_timed(config: str | Path) -> nn.Module:
    """A config's network with random weights, from uint8 crop on; speed does not depend on them.

    Raises:
        UserError: there is no such config, or its model is no top-down estimator.
    """
    from mmpose.models import build_pose_estimator

    loaded = load_config(config)
    if not loaded.get('model'):
        raise UserError(f'{config}: field model is missing: give the config of a model')
    with DefaultScope.overwrite_default_scope('mmpose'):
        model = build_pose_estimator(loaded.model).eval()
    if isinstance(model.head, LocalCoordinateHead):
        return CropToLandmarks(model).eval()
    if not hasattr(model, 'head') or not hasattr(model.head, 'decoder'):
        raise UserError(f'{config}: {type(model).__name__} is no top-down estimator')
    return RawOutputs(model).eval()


def benchmark(configs: Iterable[str | Path], options: BenchmarkOptions) -> list[Timing]:
    """Time every config in every runtime, batch size and number of threads; random weights.

    Raises:
        UserError: see `build_timed`; or an unknown runtime.
    """
    unknown = set(options.runtimes) - set(RUNTIMES)
    if unknown:
        raise UserError(f'unknown runtime {unknown.pop()!r}; one of {", ".join(RUNTIMES)}')
    networks = {Path(config).stem: build_timed(config) for config in configs}
    rows: list[Timing] = []
    with tempfile.TemporaryDirectory() as folder:
        for runtime in options.runtimes:
            files = {name: _prepare(net, runtime, folder, name) for name, net in networks.items()}
            for threads in options.threads:
                with _torch_threads(threads):
                    runs = {
                        name: _runner(networks[name], files[name], threads) for name in networks
                    }
                    for batch in options.batches:
                        rows += _time_together(runs, networks, (runtime, threads, batch), options)
    return rows


def _prepare(network: nn.Module, runtime: str, folder: str, name: str) -> Path | None:
    """The file that a runtime needs; None for PyTorch."""
    if runtime == 'pytorch':
        return None
    from fanet_mmpose.deploy.parity import sample_crops
    from fanet_mmpose.deploy.precision import quantize

    path = Path(folder) / f'{name}-{runtime}.onnx'
    size = input_size_of(network)
    with torch.no_grad():
        count = len(network(torch.zeros(1, 3, size[1], size[0], dtype=torch.uint8)))
    write_graph(network, path, tuple(f'output{index}' for index in range(count)))
    if runtime == 'onnx-int8':
        quantize(path, sample_crops(size))
    return path


def _runner(network: nn.Module, path: Path | None, threads: int) -> Run:
    if path is None:

        def run_torch(images: np.ndarray) -> object:
            with torch.inference_mode():
                return network(torch.from_numpy(images))

        return run_torch
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(str(path), options, ['CPUExecutionProvider'])
    return lambda images: session.run(None, {INPUT: images})


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
