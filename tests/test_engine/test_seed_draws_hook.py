"""A training that was stopped and resumed equals one that was not, bit for bit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from helpers.toy_runner import toy_runner

import fanet_mmpose.plugin  # noqa: F401
from fanet_mmpose.engine.checkpoint import read_checkpoint

HOOKS = dict(seed_draws=dict(type='SeedDrawsHook'), end_workers=dict(type='EndWorkersHook'))
EPOCHS = dict(by_epoch=True, max_epochs=4)
ITERATIONS = dict(by_epoch=False, max_iters=7)
INFINITE = dict(type='InfiniteSampler', shuffle=True)
WORKERS = dict(num_workers=2, persistent_workers=True)


def train(folder: Path, loop: dict, loader: dict, start: Path | None = None, **more: Any) -> dict:
    """Train to the end; weights and optimizer."""
    hooks = dict(HOOKS)
    if not loop['by_epoch']:
        hooks['checkpoint'] = dict(
            type='mmpose.DurableCheckpointHook', interval=1, by_epoch=False
        )  # fmt: skip
    else:
        hooks['checkpoint'] = dict(type='mmpose.DurableCheckpointHook', interval=1)
    go_on = dict(load_from=str(start), resume=True) if start else {}
    more = dict(train_cfg=loop, default_hooks=hooks, loader=loader) | go_on | more
    toy_runner(folder, 4, **more).train()
    last = folder / ('epoch_4.pth' if loop['by_epoch'] else 'iter_7.pth')
    content = read_checkpoint(last)
    return {**content['state_dict'], **content['optimizer']['state'][0]}


@pytest.mark.parametrize(
    ('loop', 'loader'),
    [
        (EPOCHS, {}),
        (EPOCHS, WORKERS),
        (ITERATIONS, dict(sampler=INFINITE)),
        (ITERATIONS, dict(sampler=INFINITE, **WORKERS)),
        (ITERATIONS, {}),  # more than two passes of three batches
    ],
    ids=['epochs', 'epochs-workers', 'iterations', 'iterations-workers', 'passes'],
)
def test_resumed_is_uninterrupted(tmp_path: Path, loop: dict, loader: dict) -> None:
    whole = train(tmp_path / 'whole', loop, loader)
    middle = 'epoch_2.pth' if loop['by_epoch'] else 'iter_4.pth'
    # Another seed, as where none is set: the checkpoint's counts.
    resumed = train(tmp_path / 'b', loop, loader, tmp_path / 'whole' / middle, seed=5)
    assert whole.keys() == resumed.keys()
    different = [name for name in whole if not torch.equal(whole[name], resumed[name])]
    assert not different


def test_workers_do_not_change_the_draws(tmp_path: Path) -> None:
    alone = train(tmp_path / 'a', EPOCHS, {})
    helped = train(tmp_path / 'b', EPOCHS, dict(num_workers=2))
    assert torch.equal(alone['layer.weight'], helped['layer.weight'])


def test_seeds_matter(tmp_path: Path) -> None:
    a, b = (train(tmp_path / str(seed), EPOCHS, {}, seed=seed) for seed in (0, 1))
    assert not torch.equal(a['layer.weight'], b['layer.weight'])
