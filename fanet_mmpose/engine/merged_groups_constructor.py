"""MergedGroupsConstructor: parameters of equal settings are stepped together."""

from __future__ import annotations

from mmengine.optim import DefaultOptimWrapperConstructor
from mmpose.registry import OPTIM_WRAPPER_CONSTRUCTORS
from torch import nn

ParamGroup = dict[str, object]


def merge_groups(groups: list[ParamGroup]) -> list[ParamGroup]:
    """One group for each distinct setting, in the order of their first parameters."""
    merged: dict[tuple, ParamGroup] = {}
    for group in groups:
        settings = {name: value for name, value in group.items() if name != 'params'}
        key = tuple(sorted(settings.items()))
        merged.setdefault(key, dict(params=[], **settings))['params'] += group['params']
    return [*merged.values()]


@OPTIM_WRAPPER_CONSTRUCTORS.register_module()
class MergedGroupsConstructor(DefaultOptimWrapperConstructor):
    """MMEngine's, but with few groups instead of one for each parameter.

    The steps are the same. On a GPU PyTorch steps all parameters of a group at once, and one group
    after the other.
    """

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
