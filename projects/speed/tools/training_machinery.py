"""What our own parts of the training loop save beside MMEngine's and MMPose's, on a CPU.

`python projects/speed/tools/training_machinery.py --out machinery.json`

Each part and the host's own do the same work in turns in one process, one thread; the ratio of
their CPU times is what counts, on a busy machine, too. Of the loader it is the training process's
time for a batch that one worker made.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Any

import torch
from mmengine.dataset import pseudo_collate
from mmengine.optim import build_optim_wrapper
from mmengine.registry import DefaultScope
from mmpose.engine.hooks.ema_hook import ExpMomentumEMA
from mmpose.models import build_pose_estimator
from mmpose.registry import DATASETS
from torch import nn
from torch.utils.data import DataLoader

import fanet_mmpose.plugin  # noqa: F401
from fanet_mmpose.datasets.stack_batch import stack_batch
from fanet_mmpose.engine.batched_ema import BatchedEMA
from fanet_mmpose.engine.configs import load_config
from fanet_mmpose.errors import friendly_exit
from fanet_mmpose.files import write_json
from projects.speed.turns import Job, cpu_times

CONFIG = 'configs/fanet_lite_synthetic.py'
BATCH = 16


def in_turns(ours: Job, theirs: Job, rounds: int) -> dict[str, float]:
    """Median CPU times, ms, and the median of the pairs' ratios."""
    mine, host = cpu_times([ours, theirs], rounds)
    ratios = [a / max(b, 1e-3) for a, b in zip(mine, host, strict=True)]
    return dict(
        ours_ms=round(median(mine), 3),
        host_ms=round(median(host), 3),
        ratio=round(median(ratios), 3),
    )


def averaging(model: nn.Module, kind: type[ExpMomentumEMA]) -> Job:
    """One update of the averaged weights."""
    kept = kind(model, momentum=0.002, gamma=200, update_buffers=True)
    return lambda: kept.update_parameters(model)


def stepping(model: nn.Module, settings: dict[str, Any], constructor: str) -> Job:
    """One step of the optimizer, gradients clipped, with the recipe's settings."""
    wrapper = build_optim_wrapper(
        model, dict(settings, type='OptimWrapper', constructor=constructor)
    )
    for parameter in model.parameters():
        parameter.grad = torch.full_like(parameter, 1e-3)
    return wrapper.step


def loading(samples: list[dict], collate: Callable, model: nn.Module, batches: int) -> Job:
    """The next batch of a worker, as the network takes it."""
    loader = DataLoader(samples * batches, BATCH, num_workers=1, collate_fn=collate)
    found: Iterator[dict] = iter(loader)
    return lambda: model.data_preprocessor(next(found), training=True)


def measure(rounds: int) -> dict[str, dict[str, float]]:
    """Ratio of each part."""
    cfg = load_config(CONFIG)
    with DefaultScope.overwrite_default_scope('mmpose'):
        model = build_pose_estimator(cfg.model)
        faces = DATASETS.build(
            dict(
                type='SyntheticFaceDataset',
                schema='300w68',
                num_samples=BATCH,
                pipeline=cfg.train_pipeline,
            )
        )
        samples = [faces[index] for index in range(BATCH)]
        own, default = cfg.optim_wrapper.constructor, 'DefaultOptimWrapperConstructor'
        steps = [stepping(model, cfg.optim_wrapper.to_dict(), name) for name in (own, default)]
        batches = [
            loading(samples, how, model, rounds + 1) for how in (stack_batch, pseudo_collate)
        ]
        return {
            'BatchedEMA': in_turns(
                averaging(model, BatchedEMA), averaging(model, ExpMomentumEMA), rounds
            ),
            'MergedGroupsConstructor': in_turns(*steps, rounds),
            'stack_batch': in_turns(*batches, rounds),
        }


@friendly_exit
def main(argv: list[str] | None = None) -> None:
    """Measure, print, write."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument('--rounds', type=int, default=40)
    parser.add_argument('--out', type=Path, help='JSON file')
    args = parser.parse_args(argv)
    torch.set_num_threads(1)
    torch.manual_seed(0)
    parts = measure(args.rounds)
    for name, row in parts.items():
        print(f'{name}: {row["ours_ms"]} ms, host {row["host_ms"]} ms, ratio {row["ratio"]}')
    if args.out:
        command = f'python projects/speed/tools/training_machinery.py --rounds {args.rounds}'
        device = f'{torch.backends.cpu.get_cpu_capability()}, PyTorch {torch.__version__}'
        content = dict(command=command, config=CONFIG, batch=BATCH, device=device, parts=parts)
        write_json(args.out, content, indent=1)


if __name__ == '__main__':
    sys.exit(main())
