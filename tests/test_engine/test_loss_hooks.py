"""A loss that is no number ends a training; one that comes back does not."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
import torch

pytest.importorskip('mmengine')
from fanet_mmpose.engine.loss_hooks import PATIENCE, FiniteLossHook  # noqa: E402
from fanet_mmpose.errors import UserError  # noqa: E402

NAN, INF = float('nan'), float('inf')


def run(*losses: float, scaler: bool = False) -> None:
    hook = FiniteLossHook()
    wrapper = SimpleNamespace(loss_scaler=None) if scaler else SimpleNamespace()
    runner: Any = SimpleNamespace(iter=0, optim_wrapper=wrapper, train_dataloader=losses)
    for runner.iter, loss in enumerate(losses):
        hook.after_train_iter(runner, runner.iter, None, dict(loss=torch.tensor(loss)))


@pytest.mark.parametrize('loss', [NAN, INF, -INF])
def test_no_number_ends_the_training(loss: float) -> None:
    with pytest.raises(UserError, match=f'the loss is {loss} in iteration 3: set optim_wrapper'):
        run(1.0, 0.5, loss, 0.5)


def test_numbers_pass() -> None:
    run(1.0, 1e30, 0.0)
    FiniteLossHook().after_train_iter(SimpleNamespace(), 0, None, None)


def test_a_loss_scaler_may_skip_batches() -> None:
    run(*[1.0, *[INF] * (PATIENCE - 1)] * 2, scaler=True)
    with pytest.raises(UserError, match=f'in iteration {PATIENCE}:'):
        run(*[NAN] * PATIENCE, scaler=True)
