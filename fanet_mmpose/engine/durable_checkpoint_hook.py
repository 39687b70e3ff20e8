"""DurableCheckpointHook: whenever a training stops, there is a whole checkpoint to go on from.

MMEngine's hook deletes the earlier checkpoint, then writes the new one in place: a kill or a full
disk between the two leaves nothing.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mmengine.dist import is_main_process
from mmengine.fileio import LocalBackend
from mmengine.hooks import CheckpointHook
from mmengine.runner import Runner
from mmpose.registry import HOOKS

from fanet_mmpose.engine.durable_file import remove_parts, write_durably
from fanet_mmpose.engine.newest_checkpoint import POINTER

OUTDATED = 'outdated_ckpts'  # in a checkpoint: names of the files that it replaces
# In a checkpoint: the epoch or iteration validated last. A name in 'val…' would be logged.
VALIDATED = 'step_validated'


class DeferredRemoval(LocalBackend):
    """Files on this machine, where removing only notes what to remove.

    Args:
        outdated: list that receives the files' names.
    """

    def __init__(self, outdated: list[str]) -> None:
        self.outdated = outdated

    def remove(self, filepath: str | Path) -> None:
        """Note a file."""
        self.outdated.append(Path(filepath).name)


# Also in the stock hook's place: MMPose's own tools build `CheckpointHook` in this registry first.
# `mmengine.CheckpointHook` is still the stock one.
@HOOKS.register_module(name=['DurableCheckpointHook', 'CheckpointHook'])
class DurableCheckpointHook(CheckpointHook):
    """MMEngine's `CheckpointHook`, with the same arguments and the same files.

    A checkpoint is written under a temporary name, brought to the disk and renamed; so is
    `last_checkpoint`; only then are the files deleted that it replaces, the best one included. A
    training that was stopped between a checkpoint and its validation validates on `--resume`, so
    that the best checkpoint is the one of a training that was never stopped.

    Object storage (`out_dir` or `backend_args` of another kind) is left to MMEngine.

    Raises:
        UserError: there is no room for a checkpoint; the one before it is untouched.
    """

    def before_train(self, runner: Runner) -> None:
        """Clean up after a killed training, and do what it was about to do."""
        self.outdated: list[str] = []
        info = runner.message_hub.runtime_info
        if 'keep_ckpt_ids' in info:
            runner.message_hub.update_info('keep_ckpt_ids', [int(n) for n in info['keep_ckpt_ids']])
        super().before_train(runner)
        self.durable = isinstance(self.file_backend, LocalBackend)
        if not self.durable:
            return
        self.backend_args, self.file_client_args = dict(backend='durable'), None
        self.file_backend = DeferredRemoval(self.outdated)
        if is_main_process():
            remove_parts(self.out_dir)
        if runner._resume:
            self._go_on(runner)

    def _go_on(self, runner: Runner) -> None:
        """Delete what the checkpoint replaced, and validate where that was due."""
        info = runner.message_hub.runtime_info
        last = Path(self.out_dir, self.filename_tmpl.format(_step(runner, self.by_epoch)))
        self._find_best()
        if last.resolve() == Path(runner._load_from or '').resolve():  # its own folder
            self.last_ckpt = str(last)
            self.outdated += map(str, info.get(OUTDATED, ()))
            self._remove_outdated()
        if _validation_was_due(runner) and info.get(VALIDATED) != _progress(runner):
            runner.logger.info(f'Validating {last.stem}, after which training was stopped')
            runner.val_loop.run()

    def _find_best(self) -> None:
        """Look for the best checkpoint in this folder, whatever path a checkpoint says."""
        if getattr(self, 'best_ckpt_path', None):
            self.best_ckpt_path = str(Path(self.out_dir, Path(self.best_ckpt_path).name))
        for key, path in getattr(self, 'best_ckpt_path_dict', {}).items():
            if path:
                self.best_ckpt_path_dict[key] = str(Path(self.out_dir, Path(path).name))

    def after_val_epoch(self, runner: Runner, metrics: dict[str, float]) -> None:
        """Save the best checkpoint."""
        runner.message_hub.update_info(VALIDATED, _progress(runner))
        super().after_val_epoch(runner, metrics)

    def _save_checkpoint_with_step(self, runner: Runner, step: int, meta: dict[str, Any]) -> None:
        if not self.durable:
            super()._save_checkpoint_with_step(runner, step, meta)
            return
        if self.max_keep_ckpts > 0 and step not in self.keep_ckpt_ids:
            if len(self.keep_ckpt_ids) == self.max_keep_ckpts:
                self.outdated.append(self.filename_tmpl.format(self.keep_ckpt_ids.popleft()))
            self.keep_ckpt_ids.append(step)
            runner.message_hub.update_info('keep_ckpt_ids', list(self.keep_ckpt_ids))
        self.last_ckpt = str(Path(self.out_dir, self.filename_tmpl.format(step)))
        runner.message_hub.update_info('last_ckpt', self.last_ckpt)
        runner.message_hub.update_info(OUTDATED, list(self.outdated))
        self._write(runner, meta)
        self._remove_outdated()

    def _write(self, runner: Runner, meta: dict[str, Any]) -> None:
        """Write the last checkpoint, then the pointer to it."""
        runner.save_checkpoint(
            self.out_dir,
            Path(self.last_ckpt).name,
            save_optimizer=self.save_optimizer,
            save_param_scheduler=self.save_param_scheduler,
            meta=meta,
            by_epoch=self.by_epoch,
            backend_args=self.backend_args,
            **self.args,
        )
        if is_main_process():
            write_durably(Path(runner.work_dir, POINTER), self.last_ckpt.encode())

    def _save_best_checkpoint(self, runner: Runner, metrics: dict[str, float]) -> None:
        # MMEngine's removes the earlier best first, which `file_backend` only notes, then calls
        # `_save_checkpoint_with_step`, which removes it.
        super()._save_best_checkpoint(runner, metrics)
        if self.durable:
            self._remove_outdated()

    def _remove_outdated(self) -> None:
        """Delete the files that are replaced; nothing outside the folder of checkpoints."""
        best = getattr(self, 'best_ckpt_path_dict', {}).values()
        kept = {self.last_ckpt, getattr(self, 'best_ckpt_path', None), *best}
        kept = {Path(path).name for path in kept if path}
        for name in {Path(name).name for name in self.outdated} - kept:
            if is_main_process() and name.endswith('.pth'):
                Path(self.out_dir, name).unlink(missing_ok=True)
        self.outdated.clear()


def _step(runner: Runner, by_epoch: bool) -> int:
    """The number in the name of the checkpoint that is resumed."""
    return runner.epoch if by_epoch else runner.iter


def _progress(runner: Runner) -> int:
    """What the training loop counts: epochs, or iterations."""
    return _step(runner, hasattr(runner.train_loop, 'run_epoch'))


def _validation_was_due(runner: Runner) -> bool:
    """Whether the loop validates at the epoch or iteration where training goes on."""
    loop, step = runner.train_loop, _progress(runner)
    last = loop.max_epochs if hasattr(loop, 'run_epoch') else loop.max_iters
    if runner.val_loop is None or step == 0 or step < loop.val_begin:
        return False
    return step % loop.val_interval == 0 or step == last
