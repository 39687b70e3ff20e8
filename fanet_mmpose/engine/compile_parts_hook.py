"""CompilePartsHook: train parts of a model through `torch.compile`."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from mmengine.hooks import Hook
from mmengine.model import is_model_wrapper
from mmengine.runner import Runner
from mmpose.registry import HOOKS

from fanet_mmpose.errors import UserError


@HOOKS.register_module()
class CompilePartsHook(Hook):
    """Compile the `forward` of parts; weights, checkpoints and validation stay as they are.

    MMEngine's own `compile` of a config takes the whole model. Our recipes compile nothing.

    Args:
        parts (Sequence[str]): Names in the model. Defaults to ('head',).
        backend (str): Of `torch.compile`; on a CPU 'inductor' wants a C++ compiler.
            Defaults to 'inductor'.
    """

    def __init__(self, parts: Sequence[str] = ('head',), backend: str = 'inductor') -> None:
        self.parts, self.backend = tuple(parts), backend

    def before_train(self, runner: Runner) -> None:
        """Compile; the work itself is done in the first iteration.

        Raises:
            UserError: the model has no part of that name.
        """
        model = runner.model.module if is_model_wrapper(runner.model) else runner.model
        for name in self.parts:
            try:
                part = model.get_submodule(name)
            except AttributeError as error:
                known = ', '.join(child for child, _ in model.named_children())
                raise UserError(
                    f'CompilePartsHook.parts: the model has no {name}; it has {known}'
                ) from error
            # Heads call their `forward` themselves, which `nn.Module.compile` would not notice.
            part.forward = torch.compile(type(part).forward.__get__(part), backend=self.backend)
