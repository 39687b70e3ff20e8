"""MergedGroupsConstructor: parameters of equal settings are stepped together, in bfloat16.

PyTorch's fused kernels step them where it has them.
"""

from __future__ import annotations

import torch
from mmengine.optim import AmpOptimWrapper, DefaultOptimWrapperConstructor, OptimWrapper
from mmengine.utils import digit_version
from mmpose.registry import OPTIM_WRAPPER_CONSTRUCTORS
from torch import nn

ParamGroup = dict[str, object]
AMP_ONLY = ('loss_scale', 'dtype', 'use_fsdp')  # settings of `AmpOptimWrapper` alone

FUSED = ('Adam', 'AdamW')  # one pass over the parameters instead of a dozen
FUSED_SINCE = '2.4'  # on CPUs, too


def merge_groups(groups: list[ParamGroup]) -> list[ParamGroup]:
    """One group for each distinct setting, in the order of their first parameters."""
    merged: dict[tuple, ParamGroup] = {}
    for group in groups:
        settings = {name: value for name, value in group.items() if name != 'params'}
        key = tuple(sorted(settings.items()))
        merged.setdefault(key, dict(params=[], **settings))['params'] += group['params']
    return [*merged.values()]


def choose_wrapper(settings: dict, has_gpu: bool) -> dict:
    """Settings of an optimizer wrapper with the type that runs here; `settings` is kept."""
    kind = settings.get('type')
    if kind is None or (kind in ('AmpOptimWrapper', AmpOptimWrapper) and not has_gpu):
        kept = {name: value for name, value in settings.items() if name not in AMP_ONLY}
        return dict(kept, type='AutocastOptimWrapper')
    return settings


def fuse(settings: dict, device: str) -> dict:
    """Settings of an optimizer with PyTorch's fused kernel where it has one; `settings` is kept.

    Whoever says `fused` or `foreach` in the config has the last word.
    """
    fits = (
        settings.get('type') in FUSED
        and device in ('cpu', 'cuda')
        and digit_version(torch.__version__) >= digit_version(FUSED_SINCE)
        and not settings.keys() & {'fused', 'foreach', 'capturable', 'differentiable'}
    )
    return dict(settings, fused=True) if fits else settings


def lay_out_alike(optimizer: torch.optim.Optimizer, *_: object) -> None:
    """Give gradients and averages the memory layout of their parameters, before a step.

    Fused kernels go through the memory of all of them side by side. Layouts differ where a
    checkpoint was written by a training whose weights were contiguous and goes on channels-last.
    """
    for group in optimizer.param_groups:
        for own in group['params'] if group.get('fused') else ():
            if own.grad is not None and own.grad.stride() != own.stride():
                own.grad = torch.empty_like(own).copy_(own.grad)
            state = optimizer.state.get(own, {})
            for name, value in state.items():
                if value.shape == own.shape and value.stride() != own.stride():
                    state[name] = torch.empty_like(own).copy_(value)


@OPTIM_WRAPPER_CONSTRUCTORS.register_module()
class MergedGroupsConstructor(DefaultOptimWrapperConstructor):
    """MMEngine's, but with few groups instead of one for each parameter.

    The steps are the same to rounding. On a GPU PyTorch steps all parameters of a group at once,
    and one group after the other.

    Where the config names no `type`, the wrapper is `AutocastOptimWrapper`: MMPose's own
    `tools/train.py --amp` refuses a config that names a type that it does not know. The
    `AmpOptimWrapper` of that flag is kept on a GPU; without one it does not run, and
    `AutocastOptimWrapper` takes its place.
    """

    def __call__(self, model: nn.Module) -> OptimWrapper:
        """Build the wrapper with its optimizer for the parameters of `model`."""
        self.optim_wrapper_cfg = choose_wrapper(self.optim_wrapper_cfg, torch.cuda.is_available())
        device = next((one.device.type for one in model.parameters()), 'none')
        self.optimizer_cfg = fuse(self.optimizer_cfg, device)
        wrapper = super().__call__(model)
        wrapper.optimizer.register_step_pre_hook(lay_out_alike)
        return wrapper

    def add_params(
        self,
        params: list[ParamGroup],
        module: nn.Module,
        prefix: str = '',
        is_dcn_module: int | float | None = None,
    ) -> None:
        """Fill `params` with the groups of a module, merged once all of them are there."""
        super().add_params(params, module, prefix, is_dcn_module)
        if not prefix:
            params[:] = merge_groups(params)
