"""Batches loaded per second: MMPose's way, kept crops, cached faces."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from tempfile import TemporaryDirectory

import torch
from mmengine.config import Config

from fanet_mmpose.engine.configs import load_config
from fanet_mmpose.engine.launch import build_runner
from fanet_mmpose.engine.processes import one_thread
from projects.speed.training_speed import MEANS, prepare, use_host_loop

KEPT, CACHED = 'configs/fanet_lite_300w.py', 'configs/fanet_lite_300w_cached.py'


@dataclass(frozen=True)
class WaySpeed:
    """Faces per second of CPU time; the median over the rounds, and the ratio of each round."""

    name: str
    faces_per_second: float
    ratios: list[float]  # to the first row


def stock(config: Config) -> Config:
    """The recipe with nothing of ours that makes it quick: loader, loop, float32, layout."""
    for take_away in (*MEANS.values(), use_host_loop):
        take_away(config)
    return config


WAYS: dict[str, tuple[str, Callable[[Config], Config]]] = {
    'stock': (KEPT, stock),
    'kept crops': (KEPT, lambda config: config),
    'cached faces': (CACHED, lambda config: config),
}


def loading_per_second(cfg: Config, faces: int) -> float:
    """Faces per second of CPU time that reach the network, on one thread, after a first pass."""
    with TemporaryDirectory() as work_dir, one_thread():
        prepare(cfg, faces, work_dir)
        runner = build_runner(cfg)
        loader, prepare_batch = runner.train_loop.dataloader, runner.model.data_preprocessor
        for _ in range(2):  # the first pass fills what is kept
            torch.manual_seed(0)
            start = time.process_time()
            for batch in loader:
                prepare_batch(batch, True)
            seconds = time.process_time() - start
    return len(loader) * cfg.train_dataloader.batch_size / seconds


def measure_ways(
    measure: Callable[[Config, int], float], faces: int, rounds: int
) -> list[WaySpeed]:
    """Each way `rounds` times, in turns.

    Args:
        measure: `loading_per_second` or `faces_per_second`, which trains.
        faces: of an epoch.
        rounds: how often.
    """
    found: dict[str, list[float]] = {name: [] for name in WAYS}
    for _ in range(rounds):
        for name, (path, change) in WAYS.items():
            found[name].append(measure(change(load_config(path)), faces))
    first = found['stock']
    return [
        WaySpeed(name, median(row), [a / b for a, b in zip(row, first, strict=True)])
        for name, row in found.items()
    ]
