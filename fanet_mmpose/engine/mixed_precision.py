"""The number format and the memory layout that the hardware computes quickest in."""

from __future__ import annotations

import platform
from collections.abc import Iterator
from contextlib import contextmanager

import torch
from mmengine.hooks import Hook
from mmengine.model import is_model_wrapper
from mmengine.optim import OptimWrapper
from mmengine.runner import Runner
from mmengine.runner.amp import autocast
from mmpose.registry import HOOKS, OPTIM_WRAPPERS
from torch import nn

# What newer versions of PyTorch ask an x86 CPU.
ASKED = ('_is_avx512_bf16_supported', '_is_amx_tile_supported')


def has_fast_bfloat16() -> bool:
    """Whether bfloat16 pays here: a GPU that computes in it, or a CPU with AVX512-BF16 or AMX."""
    if torch.cuda.is_available():
        return torch.cuda.is_bf16_supported()
    if not torch.backends.mkldnn.is_available():
        return False
    questions = [getattr(torch.cpu, name) for name in ASKED if hasattr(torch.cpu, name)]
    if platform.machine().lower() in ('x86_64', 'amd64') and questions:
        # oneDNN calls bfloat16 supported where it emulates it, at half the speed of float32.
        return any(ask() for ask in questions)
    return torch.ops.mkldnn._is_mkldnn_bf16_supported()


@OPTIM_WRAPPERS.register_module()
class AutocastOptimWrapper(OptimWrapper):
    """Run the forward pass in bfloat16 where the hardware is quick at it, else in float32.

    mmengine's `AmpOptimWrapper` refuses a CPU, where bfloat16 halves the time of an iteration.
    bfloat16 has float32's range, so no loss scaling is needed.
    """

    @contextmanager
    def optim_context(self, model: nn.Module) -> Iterator[None]:
        """Autocast round one forward pass and its losses."""
        with (
            super().optim_context(model),
            autocast(dtype=torch.bfloat16, enabled=has_fast_bfloat16()),
        ):
            yield


@HOOKS.register_module()
class ChannelsLastHook(Hook):
    """Store the model's weights channels-last; activations follow. Results do not change.

    In several processes weights are channels-last only while they are initialised, which fills
    memory in its order: `DistributedDataParallel` has laid its buckets out for them, and would
    scramble the gradients of weights that change their layout later.
    """

    def before_run(self, runner: Runner) -> None:
        """Convert the model in place; MMEngine initialises it next."""
        runner.model.to(memory_format=torch.channels_last)

    def before_train(self, runner: Runner) -> None:
        """Give a wrapped model its first layout back."""
        if is_model_wrapper(runner.model):
            runner.model.to(memory_format=torch.contiguous_format)
