"""NarrowBatchNorm2d: batch norm of 12 or 20 channels, trained in half of the time on a CPU.

PyTorch goes through a channels-last map cell by cell, and what is left of a cell's channels when
its vectors are full takes a slow path. Here many cells in a row are columns of their own, and the
statistics of a channel are put together from those of its columns.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.autograd.function import FunctionCtx, once_differentiable

VECTOR = 8  # float32 numbers of AVX2; with AVX-512, too, no multiple of it gains
COLUMNS = 256  # of a row, at least, where the map has as many


def cells_in_a_row(cells: int, channels: int) -> int:
    """How many of `cells` lie side by side in a row: a power of two that divides them."""
    side_by_side = 1
    while side_by_side * channels < COLUMNS and cells % (2 * side_by_side) == 0:
        side_by_side *= 2
    return side_by_side


def as_rows(x: Tensor) -> Tensor:
    """A channels-last map [B, C, h, w] as [rows, cells in a row · C], the same memory."""
    cells = x.permute(0, 2, 3, 1).reshape(-1, x.shape[1])
    return cells.view(-1, cells_in_a_row(*cells.shape) * x.shape[1])


def merged_statistics(rows: Tensor, channels: int) -> tuple[Tensor, Tensor]:
    """Mean and biased variance of each channel [C], from those of its columns."""
    means, variances = (
        found.view(-1, channels) for found in torch.batch_norm_update_stats(rows, None, None, 0.0)
    )
    mean = means.mean(0)
    return mean, (variances + (means - mean).square()).mean(0)


class _Normalize(torch.autograd.Function):
    """A channels-last map, scale and shift [C] -> the normalised map, mean and variance [C]."""

    @staticmethod
    def forward(
        ctx: FunctionCtx, x: Tensor, weight: Tensor, bias: Tensor, eps: float
    ) -> tuple[Tensor, Tensor, Tensor]:
        rows, channels = as_rows(x), x.shape[1]
        mean, variance = merged_statistics(rows, channels)
        factor = weight * (variance + eps).rsqrt()
        side_by_side, y = rows.shape[1] // channels, torch.empty_like(x)
        shift = (bias - mean * factor).repeat(side_by_side)
        torch.addcmul(shift, rows, factor.repeat(side_by_side), out=as_rows(y))
        ctx.save_for_backward(x, weight, mean, variance)
        ctx.eps = eps
        ctx.mark_non_differentiable(mean, variance)
        return y, mean, variance

    @staticmethod
    @once_differentiable
    def backward(ctx: FunctionCtx, grad: Tensor, *_: Tensor) -> tuple[Tensor, Tensor, Tensor, None]:
        x, weight, mean, variance = ctx.saved_tensors
        rows = as_rows(x)
        grads = as_rows(grad.contiguous(memory_format=torch.channels_last))
        side_by_side, cells = rows.shape[1] // len(mean), x.numel() // len(mean)
        wide = [value.repeat(side_by_side) for value in (mean, variance)]
        _, *sums = torch.ops.aten.native_batch_norm_backward(
            grads, rows, None, *wide, None, None, False, ctx.eps, [False, True, True]
        )
        weight_grad, bias_grad = (value.view(-1, len(mean)).sum(0) for value in sums)
        inverse = (variance + ctx.eps).rsqrt()
        factor = weight * inverse
        slope = -factor * inverse * weight_grad / cells
        shift = -factor * bias_grad / cells - slope * mean
        shift, slope, factor = (v.repeat(side_by_side) for v in (shift, slope, factor))
        found = torch.empty_like(x)
        torch.addcmul(shift, rows, slope, out=as_rows(found)).addcmul_(grads, factor)
        return found, weight_grad, bias_grad, None


class NarrowBatchNorm2d(nn.BatchNorm2d):
    """`nn.BatchNorm2d`, the same to float32's rounding.

    Quicker where it trains on a CPU and the map is channels-last, in float32, and its channels
    leave a vector half empty; there, its gradients have no gradients themselves.
    """

    def forward(self, x: Tensor) -> Tensor:
        """[B, C, h, w] as given."""
        if not (self.training and self.is_quicker_for(x)):
            return super().forward(x)
        self._check_input_dim(x)
        y, mean, variance = _Normalize.apply(x, self.weight, self.bias, self.eps)
        cells = x.numel() // len(mean)
        self.num_batches_tracked.add_(1)
        self.running_mean.lerp_(mean, self.momentum)
        self.running_var.lerp_(variance * cells / max(cells - 1, 1), self.momentum)
        return y

    def is_quicker_for(self, x: Tensor) -> bool:
        """Whether the rows of `as_rows` pay, and exist."""
        return (
            x.device.type == 'cpu'
            and x.dtype == torch.float32
            and x.dim() == 4
            and self.num_features % VECTOR != 0
            and x.numel() > self.num_features  # PyTorch knows what to do with less
            and x.is_contiguous(memory_format=torch.channels_last)
            and self.affine
            and self.track_running_stats
            and self.momentum is not None
        )


def quicken_norms(model: nn.Module) -> None:
    """Make every plain `nn.BatchNorm2d` of `model` a `NarrowBatchNorm2d`, parameters kept."""
    for module in model.modules():
        if type(module) is nn.BatchNorm2d:
            module.__class__ = NarrowBatchNorm2d
