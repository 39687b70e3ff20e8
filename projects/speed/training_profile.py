"""Where the time of a training iteration goes, by PyTorch's profiler, on a CPU or a GPU."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from tempfile import TemporaryDirectory

import torch
from mmengine.config import Config
from mmengine.hooks import Hook
from mmengine.runner import Runner
from torch.profiler import ProfilerActivity, profile

from fanet_mmpose.engine.launch import build_runner
from fanet_mmpose.engine.processes import one_thread
from fanet_mmpose.errors import UserError
from projects.speed.training_speed import prepare

# An operator is of the first kind that has a part of its name.
KINDS: dict[str, tuple[str, ...]] = {
    'convolutions': ('convolution',),
    'norms': ('batch_norm', 'layer_norm', '_NormalizeBackward', '_Normalize'),
    'optimizer and averaged weights': ('adam', 'Optimizer', 'lerp', 'linalg_vector_norm'),
    'attention and matrix products': ('dot_product', 'mm', 'linear', 'einsum', '_ScoreProduct'),
    'pooling, resampling, sampling': ('pool', 'upsample', 'grid_sampler', 'gather', 'index'),
    'softmax, exponentials, maxima': ('softmax', 'exp', 'log', 'max', 'argmax'),
    'ReLU, sigmoid': ('relu', 'threshold', 'clamp', 'sigmoid'),
    'copies and casts': ('copy', 'cat', 'clone', 'fill', 'zero', 'contiguous', 'stack'),
    'sums and products of numbers': ('add', 'sub', 'mul', 'div', 'sum', 'mean', 'abs', 'neg'),
}
REST = 'the rest'


@dataclass(frozen=True)
class Share:
    """What one kind of operators takes of an iteration; of all kinds together 100 %."""

    kind: str
    ms: float
    percent: float


@dataclass(frozen=True)
class Profile:
    """Of one training.

    Attributes:
        device: cpu or cuda, the one that the shares are of.
        cpu_ms: CPU time of an iteration without the profiler, the median.
        wall_ms: of an iteration, with the profiler at work.
        busy: the operators' time on the device over the wall's; 1 where it never waits.
        shares: the largest first.
    """

    device: str
    cpu_ms: float
    wall_ms: float
    busy: float
    shares: list[Share]


def kind_of(operator: str) -> str:
    """The kind in `KINDS` of an operator's name, or `REST`."""
    found = (kind for kind, parts in KINDS.items() if any(part in operator for part in parts))
    return next(found, REST)


def shares_of(times: Iterable[tuple[str, float]], iterations: int) -> list[Share]:
    """Operators and their own ms, of all iterations -> the kinds' of one, largest first."""
    total = dict.fromkeys((*KINDS, REST), 0.0)
    for operator, ms in times:
        total[kind_of(operator)] += ms / iterations
    whole = sum(total.values()) or 1.0
    rows = [Share(kind, ms, 100 * ms / whole) for kind, ms in total.items()]
    return sorted(rows, key=lambda row: -row.ms)


class _ProfileLastEpoch(Hook):
    """Times the iterations of the last epoch but one and profiles the last; before, it warms up."""

    priority = 'HIGHEST'  # a checkpoint that an epoch ends with is not of its iterations

    def before_train_epoch(self, runner: Runner) -> None:
        self.starts = []
        if runner.epoch + 1 == runner.max_epochs:
            activities = [ProfilerActivity.CPU]
            if torch.cuda.is_available():
                activities.append(ProfilerActivity.CUDA)
            self.profiler, self.start = profile(activities=activities), time.perf_counter()
            self.profiler.start()

    def before_train_iter(self, runner: Runner, batch_idx: int, data_batch: object = None) -> None:
        self.starts.append(time.process_time())

    def after_train_epoch(self, runner: Runner) -> None:
        if runner.epoch + 1 < runner.max_epochs:
            between = [b - a for a, b in pairwise([*self.starts, time.process_time()])]
            self.cpu_ms = 1000 * median(between)
            return
        if torch.cuda.is_available():
            torch.cuda.synchronize()
        self.wall_ms = 1000 * (time.perf_counter() - self.start)
        self.profiler.stop()


def profile_training(cfg: Config, faces: int) -> Profile:
    """Train three epochs of the first `faces` faces in one process: warm up, time, profile.

    On a GPU the shares are of its kernels, by the operators that launched them.

    Raises:
        UserError: `faces` do not fill a batch.
    """
    with TemporaryDirectory() as work_dir, one_thread():
        prepare(cfg, faces, work_dir)
        cfg.train_cfg.max_epochs = 3
        runner, hook = build_runner(cfg), _ProfileLastEpoch()
        iterations = len(runner.train_loop.dataloader)
        if not iterations:
            size = cfg.train_dataloader.batch_size
            raise UserError(f'{faces} faces do not fill a batch of {size}: profile more')
        runner.register_hook(hook)
        runner.train()
    device = 'cuda' if torch.cuda.is_available() else 'cpu'
    field = f'self_{"device" if device == "cuda" else "cpu"}_time_total'  # µs
    times = [(one.key, getattr(one, field) / 1000) for one in hook.profiler.key_averages()]
    busy = sum(ms for _, ms in times) / hook.wall_ms
    shares = shares_of(times, iterations)
    return Profile(device, hook.cpu_ms, hook.wall_ms / iterations, busy, shares)
