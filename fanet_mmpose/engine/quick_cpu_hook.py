"""QuickCPUHook: what makes a training on a CPU quicker and changes nothing but rounding."""

from __future__ import annotations

from mmengine.hooks import Hook
from mmengine.runner import Runner
from mmpose.registry import HOOKS

from fanet_mmpose.models.quick_parts import quicken
from fanet_mmpose.native_libraries import keep_freed_memory


@HOOKS.register_module()
class QuickCPUHook(Hook):
    """Keep freed memory, and take the quicker forms of the network's parts (`quick_parts`).

    With the model elsewhere than on a CPU it does nothing. Losses are equal to float32's rounding,
    and a resumed training still equals one that was not stopped.
    """

    def before_run(self, runner: Runner) -> None:
        """Change the process and the model in place."""
        if next(runner.model.parameters()).device.type == 'cpu':
            keep_freed_memory()
            quicken(runner.model)
