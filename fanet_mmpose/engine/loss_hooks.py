"""MeanLossesHook and FiniteLossHook: what is logged of a loss, and what ends a training."""

from __future__ import annotations

from typing import Any

import torch
from mmengine.dist import all_reduce, get_world_size
from mmengine.hooks import Hook
from mmengine.runner import Runner
from mmpose.registry import HOOKS

from fanet_mmpose.errors import UserError

PATIENCE = 20  # batches that a loss scaler may skip while it looks for its scale


@HOOKS.register_module()
class MeanLossesHook(Hook):
    """Average what the model returns for the log over all processes; one process is left alone."""

    priority = 'HIGHEST'  # before MMEngine's `RuntimeInfoHook` takes them

    def after_train_iter(
        self,
        runner: Runner,
        batch_idx: int,
        data_batch: Any = None,
        outputs: dict[str, torch.Tensor] | None = None,
    ) -> None:
        """Replace the values of `outputs`. The processes have the same keys."""
        if not outputs or get_world_size() == 1:
            return
        means = torch.stack([torch.as_tensor(v).detach().float() for v in outputs.values()])
        all_reduce(means, 'mean')
        outputs.update(zip(outputs, means, strict=True))


@HOOKS.register_module()
class FiniteLossHook(Hook):
    """End a training whose loss has become nan or infinite and stays so.

    Args:
        interval (int): Iterations between two looks on a GPU, which has to be waited for; on a CPU
            every iteration is looked at. An epoch's last is looked at, so that no checkpoint
            follows. Defaults to 50.

    Raises:
        UserError: with the way out.
    """

    priority = 'VERY_HIGH'  # after `MeanLossesHook`, before a checkpoint is written

    def __init__(self, interval: int = 50) -> None:
        self.interval = interval
        self._in_a_row: torch.Tensor | int = 0

    def after_train_iter(
        self,
        runner: Runner,
        batch_idx: int,
        data_batch: Any = None,
        outputs: dict[str, torch.Tensor] | None = None,
    ) -> None:
        """Count how often in a row the loss was not finite."""
        loss = (outputs or {}).get('loss')
        if not isinstance(loss, torch.Tensor):
            return
        self._in_a_row = (self._in_a_row + 1) * ~torch.isfinite(loss.detach()).all()
        due = self.every_n_train_iters(runner, self.interval) or self.end_of_epoch(
            runner.train_dataloader, batch_idx
        )
        patience = PATIENCE if hasattr(runner.optim_wrapper, 'loss_scaler') else 1
        if (loss.device.type == 'cpu' or due) and int(self._in_a_row) >= patience:
            raise UserError(
                f'the loss is {loss.item()} in iteration {runner.iter + 1}: set '
                'optim_wrapper.optimizer.lr lower, or optim_wrapper.clip_grad, and look at the '
                'last losses of the log; --resume goes on from the last checkpoint'
            )
