"""BatchedEMA: the averaged weights, all tensors in one step."""

from __future__ import annotations

import math

from mmpose.engine.hooks.ema_hook import ExpMomentumEMA
from mmpose.registry import MODELS
from torch import Tensor, nn
from torch.optim.swa_utils import get_ema_multi_avg_fn


@MODELS.register_module()
class BatchedEMA(ExpMomentumEMA):
    """MMPose's `ExpMomentumEMA`, the same to float32's rounding.

    That one goes through the tensors in Python, several operations each; this one collects them
    and moves all at once.
    """

    def momentum_at(self, steps: int) -> float:
        """Share of the new weights after so many updates: from 1 down to `momentum`."""
        return (1 - self.momentum) * math.exp(-(1 + steps) / self.gamma) + self.momentum

    def avg_func(self, averaged_param: Tensor, source_param: Tensor, steps: int) -> None:
        """Collect a pair; `update_parameters` averages it."""
        self.pairs.append((averaged_param, source_param))

    def update_parameters(self, model: nn.Module) -> None:
        """Average the weights of `model`, and its buffers if asked to, into the kept ones."""
        self.pairs: list[tuple[Tensor, Tensor]] = []
        super().update_parameters(model)
        if self.pairs:
            averaged, source = map(list, zip(*self.pairs, strict=True))
            momentum = self.momentum_at(int(self.steps) - 1)  # the host has counted this update
            get_ema_multi_avg_fn(1 - momentum)(averaged, source, None)
        self.pairs.clear()
