"""TeacherHook: the averaged weights, which are validated and saved, are the teacher, too."""

from __future__ import annotations

from typing import Any

from mmengine.hooks import EMAHook
from mmengine.model import is_model_wrapper
from mmengine.runner import Runner
from mmpose.registry import HOOKS

from fanet_mmpose.errors import UserError
from fanet_mmpose.semi.pseudo_labels import ramp


@HOOKS.register_module()
class TeacherHook(EMAHook):
    """`EMAHook` that gives its average to a `MeanTeacherFANet` as the teacher, with a ramp-up.

    Args:
        ramp_up (int): Iterations until the losses on pseudo labels count in full. Defaults to 0.
        **average: As for `EMAHook`.

    Raises:
        UserError: The model takes no teacher.
    """

    def __init__(self, ramp_up: int = 0, **average: Any) -> None:
        super().__init__(**average)
        self.ramp_up = ramp_up

    def before_train(self, runner: Runner) -> None:
        """Hand the teacher over, once the weights to start from are loaded."""
        super().before_train(runner)
        model = runner.model.module if is_model_wrapper(runner.model) else runner.model
        if not hasattr(model, 'set_teacher'):
            raise UserError(
                f'model.type {type(model).__name__} takes no teacher: set it to MeanTeacherFANet, '
                'or use EMAHook'
            )
        self.student = model
        model.set_teacher(self.ema_model.module)

    def before_train_iter(self, runner: Runner, batch_idx: int, data_batch: Any = None) -> None:
        """Raise the share of the losses on pseudo labels."""
        self.student.ramp = ramp(runner.iter, self.ramp_up)
