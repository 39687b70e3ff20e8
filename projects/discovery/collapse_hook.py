"""CollapseHook: a discovery that finds nothing ends with a sentence, not after hours."""

from __future__ import annotations

from typing import Any

from mmengine.hooks import Hook
from mmengine.runner import Runner
from mmpose.registry import HOOKS
from torch import Tensor

from fanet_mmpose.errors import UserError

LEAST_SPREAD = 0.05  # half sides of the view, root mean square about a face's middle point
BORDER, MOST_AT_BORDER = 0.95, 0.8
LEAST_MOTION = 0.01  # half sides; warps move faces by ten times that and more


def find_collapse(points: Tensor) -> str | None:
    """What is wrong with the points of a batch of differently warped faces, in a few words.

    Args:
        points: [B, K, 2] in [-1, 1] of the views, border to border.

    Returns:
        None where nothing is.
    """
    points = points.float()
    if not points.isfinite().all():
        return 'some are not numbers'
    middle = points.mean(1, keepdim=True)
    if (points - middle).square().sum(-1).mean().sqrt() < LEAST_SPREAD:
        return 'all lie in one place'
    if ((points.abs() > BORDER).any(-1)).float().mean() > MOST_AT_BORDER:
        return 'they lie on the border'
    if len(points) > 1 and points.std(0).mean() < LEAST_MOTION:
        return 'they stay where they are whatever the picture shows'
    return None


@HOOKS.register_module()
class CollapseHook(Hook):
    """Look at the points of `SelfSupervisedFANet` from time to time and stop where all is lost.

    Args:
        interval: iterations between looks.
        begin: no look before; random weights find nothing yet.
        patience: looks in a row that must find the same.

    Raises:
        UserError: while training, when the points have collapsed.
    """

    def __init__(self, interval: int = 50, begin: int = 200, patience: int = 3) -> None:
        self.interval, self.begin, self.patience = interval, begin, patience
        self.seen: list[str | None] = []

    def after_train_iter(self, runner: Runner, batch_idx: int, *args: Any, **kwargs: Any) -> None:
        """Look at what the last iteration found."""
        done = runner.iter + 1
        if done < self.begin or done % self.interval:
            return
        points = getattr(runner.model, 'module', runner.model).last_view
        self.seen = [*self.seen, find_collapse(points)][-self.patience :]
        problem = self.seen[-1]
        if problem is not None and self.seen == [problem] * self.patience:
            raise UserError(
                f'the points have collapsed by iteration {done}: {problem}; give '
                'loss terms that part them (SeparationLoss) more weight, or lower the learning rate'
            )
