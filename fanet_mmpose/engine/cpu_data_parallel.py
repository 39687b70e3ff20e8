"""Several processes on CPUs share gradients and, where the config says `sync_bn`, batch norms."""

from __future__ import annotations

from typing import Any

import torch
import torch.distributed as dist
from mmengine.model import MMDistributedDataParallel
from mmengine.registry import MODEL_WRAPPERS
from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm


class SumOverProcesses(torch.autograd.Function):
    """A tensor summed over all processes; so is its gradient."""

    @staticmethod
    def forward(ctx: Any, tensor: Tensor) -> Tensor:
        """Same shape."""
        total = tensor.clone()
        dist.all_reduce(total)
        return total

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> Tensor:
        """Same shape."""
        return SumOverProcesses.forward(ctx, gradient)


class SharedBatchNorm(_BatchNorm):
    """Batch norm over the batches of all processes together; torch's own needs GPUs.

    In evaluation it is torch's.
    """

    def _check_input_dim(self, input: Tensor) -> None:
        """Any number of dimensions."""

    def forward(self, input: Tensor) -> Tensor:
        """[B, C, ...] -> the same shape."""
        if not self.training:
            return super().forward(input)
        values = input.float()
        axes = [0, *range(2, input.dim())]
        shape = [1, -1, *[1] * (input.dim() - 2)]
        count = torch.full((1,), input.numel() / input.shape[1], device=input.device)
        sums = SumOverProcesses.apply(torch.cat([values.sum(axes), count]))
        mean, count = sums[:-1] / sums[-1], sums[-1].detach()
        # Squares round the mean, not less its square, which loses the digits that one process has.
        values = values - mean.view(shape)
        variance = SumOverProcesses.apply(values.square().sum(axes)) / count
        self._follow(mean.detach(), variance.detach() * count / (count - 1))
        values = values * (variance + self.eps).rsqrt().view(shape)
        if self.affine:
            values = values * self.weight.view(shape) + self.bias.view(shape)
        return values.to(input.dtype)

    def _follow(self, mean: Tensor, variance: Tensor) -> None:
        if not self.track_running_stats:
            return
        self.num_batches_tracked.add_(1)
        share = self.momentum
        if share is None:
            share = 1.0 / float(self.num_batches_tracked)
        self.running_mean.lerp_(mean, share)
        self.running_var.lerp_(variance, share)


def share_norms(model: nn.Module) -> nn.Module:
    """Make every batch norm of `model` a `SharedBatchNorm`, in place; weights stay where they are.

    Returns:
        `model`.
    """
    for layer in model.modules():
        if isinstance(layer, _BatchNorm):
            layer.__class__ = SharedBatchNorm
    return model


@MODEL_WRAPPERS.register_module()
class CPUDataParallel(MMDistributedDataParallel):
    """MMEngine's wrapper for processes without GPUs.

    Args:
        module (nn.Module): The model.
        sync_bn (bool): Whether batch norms see the batches of all processes. Defaults to False.
        **base: Of `MMDistributedDataParallel`.
    """

    def __init__(self, module: nn.Module, sync_bn: bool = False, **base: Any) -> None:
        base.update(device_ids=None, broadcast_buffers=False)  # MMEngine itself passes GPUs
        super().__init__(share_norms(module) if sync_bn else module, **base)
