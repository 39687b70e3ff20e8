"""SeedDrawsHook: a training that was stopped and resumed equals one that was not, bit for bit."""

from __future__ import annotations

from typing import Any

from mmengine.dist import get_dist_info
from mmengine.hooks import Hook
from mmengine.runner import Runner
from mmpose.registry import HOOKS

from fanet_mmpose.engine.seeded_draws import (
    BatchStream,
    can_be_keyed,
    key_draws,
    seed_training,
)


@HOOKS.register_module()
class SeedDrawsHook(Hook):
    """Random draws of training from (seed, epoch, sample) and (seed, iteration, process).

    Nothing has to be stored, and the number of workers does not matter. Transforms must draw from
    Python's `random`, NumPy's global generator or torch's, as MMPose's and ours do; one with a
    generator of its own (Albumentations since 1.4.19) is not covered.

    Datasets without indices (`IterableDataset`) keep MMEngine's seeds.
    """

    priority = 'VERY_HIGH'

    def before_train(self, runner: Runner) -> None:
        """Key the training loader, and let a training by iterations go on where it was."""
        loop = runner.train_loop
        self.keyed = can_be_keyed(loop.dataloader)
        if not self.keyed:
            runner.logger.warning('SeedDrawsHook: the training data have no indices to seed by')
            return
        sampler = loop.dataloader.sampler
        if runner._resume and isinstance(getattr(sampler, 'seed', None), int):
            # Built before the checkpoint was read, with a seed of chance where none is set.
            sampler.seed = runner.seed
        key_draws(loop.dataloader, runner.seed, *get_dist_info())
        if hasattr(loop, 'dataloader_iterator'):
            # MMEngine before 0.10.8 goes on by loading and throwing away.
            skips = hasattr(loop.dataloader_iterator, 'skip_iter')
            loop.dataloader_iterator = BatchStream(
                loop.dataloader, loop.iter, unasked=0 if skips else loop.iter
            )

    def before_train_epoch(self, runner: Runner) -> None:
        """Tell the loader which epoch it is, unless the whole training is one."""
        if self.keyed and not hasattr(runner.train_loop, 'dataloader_iterator'):
            runner.train_loop.dataloader.batch_sampler.begin(runner.epoch)

    def before_train_iter(self, runner: Runner, batch_idx: int, data_batch: Any = None) -> None:
        """Seed what the model draws."""
        seed_training(runner.seed, get_dist_info()[0], runner.iter)
