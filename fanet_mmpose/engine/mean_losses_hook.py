"""MeanLossesHook: the losses in the log are those of the whole batch, not of one process."""

from __future__ import annotations

from typing import Any

import torch
from mmengine.dist import all_reduce, get_world_size
from mmengine.hooks import Hook
from mmengine.runner import Runner
from mmpose.registry import HOOKS


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
