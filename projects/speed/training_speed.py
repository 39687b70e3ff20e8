"""How many faces a second a recipe trains, and what each of its means to be quick contributes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from tempfile import TemporaryDirectory

import torch
from mmengine.config import Config
from mmengine.hooks import Hook
from mmengine.runner import Runner

from fanet_mmpose.engine.configs import load_config
from fanet_mmpose.engine.launch import build_runner
from fanet_mmpose.engine.processes import one_thread
from fanet_mmpose.errors import UserError


@dataclass(frozen=True)
class Speed:
    """Faces per second of CPU time, with all that is named so far."""

    name: str
    faces_per_second: float
    ratio: float  # to the first row


def use_stock_loader(cfg: Config) -> None:
    """Decode the whole photograph for each sample, as MMPose's pipelines do."""
    pipeline = cfg.train_dataloader.dataset.pipeline
    cfg.train_dataloader.dataset.pipeline = [
        dict(type='LoadImage') if step['type'] == 'LoadFaceCrop' else step for step in pipeline
    ]


def use_float32(cfg: Config) -> None:
    """MMEngine's plain wrapper of the optimiser."""
    cfg.optim_wrapper.type = 'OptimWrapper'


def use_default_layout(cfg: Config) -> None:
    """PyTorch's own memory format."""
    cfg.custom_hooks = [hook for hook in cfg.custom_hooks if hook['type'] != 'ChannelsLastHook']


def use_host_loop(cfg: Config) -> None:
    """Averaging, parameter groups, norms, memory and collating as MMPose and MMEngine do it."""
    cfg.custom_hooks = [hook for hook in cfg.custom_hooks if hook['type'] != 'QuickCPUHook']
    for hook in cfg.custom_hooks:
        if hook['type'] == 'EMAHook':
            hook['ema_type'] = 'ExpMomentumEMA'
    cfg.optim_wrapper.constructor = 'DefaultOptimWrapperConstructor'
    cfg.train_dataloader.collate_fn = dict(type='pseudo_collate')


# Taken away all at once and given back one by one, in this order.
MEANS: dict[str, Callable[[Config], None]] = {
    'kept crops': use_stock_loader,
    'bfloat16': use_float32,
    'channels last': use_default_layout,
}


class TimeEpoch(Hook):
    """CPU seconds of the last epoch; the ones before it warm up and fill what is kept."""

    def before_train_epoch(self, runner: Runner) -> None:
        """Start again."""
        self.start = time.process_time()

    def after_train_epoch(self, runner: Runner) -> None:
        """Stop."""
        self.seconds = time.process_time() - self.start


def prepare(cfg: Config, faces: int, work_dir: str) -> None:
    """Two epochs of the first `faces` faces in one process, nothing validated, nothing kept."""
    cfg.work_dir, cfg.launcher, cfg.log_level = work_dir, 'none', 'ERROR'
    cfg.train_cfg = dict(by_epoch=True, max_epochs=2)
    cfg.val_cfg = cfg.val_dataloader = cfg.val_evaluator = None
    cfg.test_cfg = cfg.test_dataloader = cfg.test_evaluator = None
    cfg.default_hooks.checkpoint.update(interval=-1, save_best=None)
    cfg.visualizer.vis_backends = []  # MMEngine keeps the first run's folder for the next
    # Loading counts, too: in the same process and so on the same clock.
    cfg.train_dataloader.update(num_workers=0, persistent_workers=False)
    dataset = cfg.train_dataloader.dataset
    (dataset.dataset if dataset.type == 'CachedFaces' else dataset).indices = faces


def faces_per_second(cfg: Config, faces: int) -> float:
    """Faces per second of CPU time on one thread, in the second epoch.

    CPU time, because a busy machine would not let the clock on the wall compare anything.

    Raises:
        UserError: `faces` do not fill a batch.
    """
    with TemporaryDirectory() as work_dir, one_thread():
        prepare(cfg, faces, work_dir)
        runner, timer = build_runner(cfg), TimeEpoch()
        runner.register_hook(timer, priority='VERY_LOW')
        batches = len(runner.train_loop.dataloader)
        if not batches:
            size = cfg.train_dataloader.batch_size
            raise UserError(f'{faces} faces do not fill a batch of {size}: time more')
        runner.train()
    return batches * cfg.train_dataloader.batch_size / timer.seconds


def measure(config: str | Path, faces: int) -> list[Speed]:
    """Rows from the stock way to the recipe's own, each with one of `MEANS` more.

    Args:
        config: a recipe of this project, its data in place.
        faces: how many an epoch has.

    Raises:
        UserError: the recipe or its data cannot be used.
    """
    stages: Iterable[tuple[str, ...]] = accumulate(((name,) for name in MEANS), initial=())
    speeds: list[Speed] = []
    for kept in stages:
        cfg = load_config(config)
        for name, take_away in MEANS.items():
            if name not in kept:
                take_away(cfg)
        torch.manual_seed(0)
        speed = faces_per_second(cfg, faces)
        first = speeds[0].faces_per_second if speeds else speed
        speeds.append(Speed(' + '.join(('stock', *kept)), speed, speed / first))
    return speeds
