"""BatchedEMA: the averaged weights, all tensors in one step."""

from __future__ import annotations

import math

from mmpose.engine.hooks.ema_hook import ExpMomentumEMA
from mmpose.registry import MODELS
from torch import nn
from torch.optim.swa_utils import get_ema_multi_avg_fn


@MODELS.register_module()
class BatchedEMA(ExpMomentumEMA):
    """MMPose's `ExpMomentumEMA`, the same to float32's rounding.

    That one asks the GPU for the number of steps, and waits for it, once for each tensor.
    """

    def momentum_at(self, steps: int) -> float:
        """Share of the new weights after so many updates: from 1 down to `momentum`."""
        return (1 - self.momentum) * math.exp(-(1 + steps) / self.gamma) + self.momentum

    def update_parameters(self, model: nn.Module) -> None:
        """Average the weights of `model`, and its buffers if asked to, into the kept ones."""
        steps = int(self.steps)
        if steps == 0 or steps % self.interval or not self.update_buffers:
            super().update_parameters(model)  # copies, or leaves as they are
            return
        source = model.state_dict()
        pairs = [
            (kept.data, source[name].data.to(kept.device))
            for name, kept in self.avg_parameters.items()
            if kept.dtype.is_floating_point
        ]
        kept, current = map(list, zip(*pairs, strict=True))
        get_ema_multi_avg_fn(1 - self.momentum_at(steps))(kept, current, None)
        self.steps += 1
