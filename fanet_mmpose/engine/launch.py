"""Train and test a config the way MMPose's tools do, with everything checked first."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mmengine.config import Config
from mmengine.fileio import dump
from mmengine.hooks import Hook
from mmengine.runner import Runner
from torch.utils.data import DataLoader

from fanet_mmpose.engine import agreement
from fanet_mmpose.engine.checkpoint import (
    allow_mmengine_state,
    check_schema,
    check_shapes,
    load_checkpoint,
)
from fanet_mmpose.engine.checkpoint_schemes import local_file
from fanet_mmpose.engine.config_errors import building_parts
from fanet_mmpose.engine.config_fields import check_needed
from fanet_mmpose.engine.configs import (
    load_config,
    merge_resume,
    merge_shared,
    merge_test,
    merge_train,
)
from fanet_mmpose.engine.dry_forward import check_model
from fanet_mmpose.engine.durable_file import refuse_full_disk
from fanet_mmpose.engine.input_size import check_crops
from fanet_mmpose.engine.known_parts import check_optimizer
from fanet_mmpose.engine.options import TestOptions, TrainOptions
from fanet_mmpose.engine.processes import one_thread, use_processes
from fanet_mmpose.engine.run_errors import explaining_run
from fanet_mmpose.engine.run_parts import model_of
from fanet_mmpose.errors import UserError
from fanet_mmpose.files import FULL, make_folder, replacing

# Said at every start by the host and of no use to anybody.
LOG_NOISE = ('"FileClient" will be', '"HardDiskBackend" is the alias')


def build_runner(cfg: Config) -> Runner:
    """Build MMEngine's runner. Raises `UserError` for a wrong part or a full disk."""
    with full_disk_refused(cfg.work_dir):
        use_processes(cfg)
        make_folder(cfg.work_dir)
        with building_parts(cfg):
            runner = Runner.from_cfg(cfg)
        runner.logger.addFilter(_is_news)
        for handler in runner.logger.handlers:
            handler.handleError = _raise_again  # a full disk; logging's own prints and goes on
        check_model(model_of(runner))
    return runner


def _is_news(record: logging.LogRecord) -> bool:
    return not str(record.msg).startswith(LOG_NOISE)


def _raise_again(record: logging.LogRecord) -> None:
    raise


@contextmanager
def full_disk_refused(folder: str | Path) -> Iterator[None]:
    """Raise `UserError` where the disk is too full for anything below a working folder.

    Such as logs, scalars and MMEngine's copy of the config.
    """
    try:
        yield
    except OSError as error:
        if error.errno not in FULL:
            raise
        raise refuse_full_disk(error.filename or folder, error) from error


def train(path: str | Path, options: TrainOptions) -> Runner:
    """Train what a config says; returns the finished runner.

    Everything that can be known before the first iteration is checked before it and raises
    `UserError`: data, points, parts that do not fit, a checkpoint to resume from.
    """
    cfg = read_train_config(path, options)
    start = cfg.get('load_from') or ''
    content = load_checkpoint(local_file(start)) if start else None
    allow_mmengine_state()
    runner = build_runner(cfg)
    with building_parts(cfg):
        agreement.check_encoders(cfg, ('train_dataloader',))
        check_full_batch(runner.train_loop.dataloader)
    if content and cfg.resume:  # fine-tuning may change the head, going on may not
        check_shapes(content, model_of(runner), start)
    with (
        full_disk_refused(cfg.work_dir),
        building_parts(cfg),
        explaining_run(runner),
        other_optimizers_refused(),
    ):
        runner.train()
    return runner


def read_train_config(path: str | Path, options: TrainOptions) -> Config:
    """A config with the flags of a training in it, checked. Raises `UserError`."""
    cfg = load_config(path)
    check_needed(cfg, 'train', str(path))
    merge_train(cfg, options)
    merge_shared(cfg, path, options)
    merge_resume(cfg, options)
    check_needed(cfg, 'train', str(path))  # --cfg-options may be wrong, too
    with building_parts(cfg):
        check_optimizer(cfg)
        agreement.check_codec_name(cfg)
        agreement.check_cached(cfg)
        check_splits(cfg, 'train', 'val')
    return cfg


def check_splits(cfg: Config, *splits: str) -> None:
    """Check crops, metrics and data of splits, such as 'val'. Raises `UserError`."""
    # Brings MMPose's datasets, whose imports print: `load_config` keeps that off the console.
    from fanet_mmpose.engine.preflight import check_data

    loaders = tuple(f'{split}_dataloader' for split in splits)
    check_crops(cfg, loaders)
    agreement.check_metric_names(cfg, tuple(f'{split}_evaluator' for split in splits))
    check_data(cfg, loaders)


def check_full_batch(loader: DataLoader) -> None:
    """Raise `UserError` for a training whose faces do not fill a batch."""
    if len(loader) == 0:
        raise UserError(
            f'train_dataloader.batch_size is {loader.batch_size} and the dataset has '
            f'{len(loader.dataset)} faces, so no batch is ever full: lower it, or set '
            'train_dataloader.drop_last=False'
        )


@contextmanager
def other_optimizers_refused() -> Iterator[None]:
    """Raise `UserError` where a checkpoint's optimizer is of another recipe or version."""
    try:
        yield
    except ValueError as error:
        if 'parameter group' not in str(error):
            raise
        raise UserError(
            f"--resume: the checkpoint's optimizer does not fit the config's ({error}): another "
            'recipe or version wrote it; start from its weights with --cfg-options load_from=…'
        ) from error


@contextmanager
def unwritten_removed(path: str | None) -> Iterator[None]:
    """Raise `UserError` where a test cannot write; a half-written `path` is removed."""
    try:
        yield
    except OSError as error:
        if error.errno not in FULL:
            raise
        if path:
            Path(path).unlink(missing_ok=True)
        raise UserError(
            f'{path or error.filename or "the results"}: cannot be written ({error.strerror}): '
            'free some space, then test again'
        ) from error


class SaveMetrics(Hook):
    """Write the metrics of a test to a file whose suffix chooses the format."""

    priority = 'LOWEST'

    def __init__(self, path: str) -> None:
        self.path = Path(path)

    def after_test_epoch(self, runner: Runner, metrics: dict[str, float] | None = None) -> None:
        """Write whole or not at all, from the first process. Raises `UserError` if it cannot."""
        if runner.rank == 0 and metrics is not None:
            with replacing(self.path) as temporary:
                dump(metrics, temporary, file_format=self.path.suffix.lstrip('.'))


def test(path: str | Path, checkpoint: str, options: TestOptions) -> dict[str, float]:
    """Evaluate a checkpoint on the config's test set; returns the metrics.

    The checkpoint is read as data. Raises `UserError` when it belongs to another point set or
    network, and for all that `train` checks.
    """
    cfg = load_config(path)
    check_needed(cfg, 'test', str(path))
    merge_shared(cfg, path, options)
    check_needed(cfg, 'test', str(path))  # --cfg-options may be wrong, too
    merge_test(cfg, checkpoint, options)  # last: --dump makes a list of the evaluator
    content = load_checkpoint(local_file(checkpoint))
    with building_parts(cfg):
        check_splits(cfg, 'test')
    runner = build_runner(cfg)
    with building_parts(cfg):
        metainfo = runner.test_loop.dataloader.dataset.metainfo
    check_schema(content, metainfo, checkpoint)
    check_shapes(content, model_of(runner), checkpoint)
    if options.out:
        runner.register_hook(SaveMetrics(options.out))
    with one_thread(), unwritten_removed(options.dump), explaining_run(runner):
        return runner.test()
