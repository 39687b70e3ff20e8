"""CompilePartsHook: train parts of a model through `torch.compile`."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from mmengine.hooks import Hook
from mmengine.model import is_model_wrapper
from mmengine.runner import Runner
from mmpose.registry import HOOKS
from torch import nn

from fanet_mmpose.errors import UserError


def compile_training(part: nn.Module, backend: str, mode: str | None) -> None:
    """Train `part` compiled; elsewhere, as in validation with its other batch sizes, it is plain.

    Heads call their `forward` themselves, which `nn.Module.compile` would not notice.

    Raises:
        UserError: this PyTorch has no such backend or mode.
    """
    plain = type(part).forward.__get__(part)
    try:
        compiled = torch.compile(plain, backend=backend, mode=mode)
    except RuntimeError as error:
        raise UserError(f'CompilePartsHook: backend={backend!r}, mode={mode!r}: {error}') from error

    def forward(*args: object, **kwargs: object) -> object:
        return (compiled if part.training else plain)(*args, **kwargs)

    part.forward = forward


@HOOKS.register_module()
class CompilePartsHook(Hook):
    """Compile the `forward` of parts for training; weights, checkpoints and validation stay.

    MMEngine's own `compile` of a config takes the whole model. Our recipes compile nothing.

    Args:
        parts (Sequence[str]): Names in the model. Defaults to ('head',).
        backend (str): Of `torch.compile`; on a CPU 'inductor' wants a C++ compiler.
            Defaults to 'inductor'.
        mode (str | None): Of `torch.compile`. 'reduce-overhead' replays each part's passes as
            CUDA graphs on a GPU. Defaults to None.
    """

    def __init__(
        self,
        parts: Sequence[str] = ('head',),
        backend: str = 'inductor',
        mode: str | None = None,
    ) -> None:
        self.parts, self.backend, self.mode = tuple(parts), backend, mode

    def before_train(self, runner: Runner) -> None:
        """Compile; the work itself is done in the first iteration.

        Raises:
            UserError: the model has no part of that name, or see `compile_training`.
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
            compile_training(part, self.backend, self.mode)

    def before_train_iter(self, runner: Runner, batch_idx: int, data_batch: object = None) -> None:
        """Let the CUDA graphs of the iteration before reuse their memory."""
        if hasattr(torch.compiler, 'cudagraph_mark_step_begin'):  # since PyTorch 2.2
            torch.compiler.cudagraph_mark_step_begin()
