"""Train and test a config the way MMPose's tools do, with everything checked first."""

from __future__ import annotations

import importlib
import logging
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

import torch
from mmengine.config import Config
from mmengine.fileio import dump
from mmengine.hooks import Hook
from mmengine.runner import Runner

from fanet_mmpose import base_configs
from fanet_mmpose.engine.options import RunOptions, TestOptions, TrainOptions
from fanet_mmpose.errors import UserError

# Said at every start by the host and of no use to anybody.
NOISE = (
    '.*faster_coco_eval.*',
    '.*metainfo config file.*',
    '.*Use the existing "bbox_center".*',
    'torch.meshgrid',
)
LOG_NOISE = ('"FileClient" will be', '"HardDiskBackend" is the alias')


def load_config(path: str | Path) -> Config:
    """Read a config with its bases and custom imports. Raises `UserError` if there is none."""
    for message in NOISE:
        warnings.filterwarnings('ignore', message=message)
    base_configs.install()
    if not Path(path).is_file():
        raise UserError(f'{path}: there is no such config')
    config = Config.fromfile(path)
    with redirect_stdout(StringIO()):  # mmdet says, twice, what it could not import
        importlib.import_module('mmpose.apis')
    return config


def merge_shared(cfg: Config, path: str | Path, options: RunOptions) -> None:
    """Put what both tools take into the config; the command line wins, `cfg_options` last."""
    cfg.launcher = options.launcher
    # Priority: command line, then the config, then the config's name.
    if options.work_dir is not None:
        cfg.work_dir = options.work_dir
    elif cfg.get('work_dir') is None:
        cfg.work_dir = str(Path('work_dirs') / Path(path).stem)
    if options.show or options.show_dir:
        if 'visualization' not in cfg.default_hooks:
            raise UserError(
                'default_hooks.visualization is missing and --show needs it: set it to '
                "dict(type='PoseVisualizationHook')"
            )
        cfg.default_hooks.visualization.update(
            enable=True,
            show=options.show,
            out_dir=options.show_dir,
            interval=options.interval,
            wait_time=options.wait_time if options.show else 0,
        )
    merge_options(cfg, options.cfg_options or {})


def merge_options(cfg: Config, options: dict[str, Any]) -> None:
    """Put `--cfg-options` into the config, one by one, so that `UserError` can name one."""
    for name, value in options.items():
        try:
            cfg.merge_from_dict({name: value})
        except (KeyError, TypeError) as error:
            raise UserError(
                f'--cfg-options {name}={value}: does not fit the config, because on the way there '
                'is a list (count from 0: name.0.field) that is too short, or a plain value'
            ) from error


def use_amp(cfg: Config) -> None:
    """Mixed precision: MMEngine's on a GPU; ours where MMEngine's refuses to run, on a CPU."""
    wrapper = cfg.optim_wrapper.get('type', 'OptimWrapper')
    name = wrapper if isinstance(wrapper, str) else wrapper.__name__
    if name not in ('OptimWrapper', 'AmpOptimWrapper', 'AutocastOptimWrapper'):
        raise UserError(f'optim_wrapper.type is {name}: --amp works with OptimWrapper only')
    if not torch.cuda.is_available():
        cfg.optim_wrapper.type = 'AutocastOptimWrapper'
        cfg.optim_wrapper.pop('loss_scale', None)
    elif name != 'AutocastOptimWrapper':
        cfg.optim_wrapper.type = 'AmpOptimWrapper'
        cfg.optim_wrapper.setdefault('loss_scale', 'dynamic')


def merge_train(cfg: Config, options: TrainOptions) -> None:
    """Put training's own flags into the config."""
    if options.no_validate:
        cfg.val_cfg = cfg.val_dataloader = cfg.val_evaluator = None
    if options.amp:
        use_amp(cfg)
    if options.auto_scale_lr:
        if 'auto_scale_lr' not in cfg:
            raise UserError('auto_scale_lr.base_batch_size is missing and --auto-scale-lr needs it')
        cfg.auto_scale_lr.enable = True
    if options.resume:
        cfg.resume = True
        cfg.load_from = None if options.resume == 'auto' else options.resume


def use_cpu_processes(cfg: Config) -> None:
    """Let several processes work without a GPU, which MMEngine's own set-up assumes."""
    if cfg.launcher == 'none' or torch.cuda.is_available():
        return
    if cfg.launcher != 'pytorch':
        raise UserError(f'--launcher {cfg.launcher} needs GPUs: use --launcher pytorch on CPUs')
    if not torch.distributed.is_initialized():
        torch.distributed.init_process_group('gloo')
    cfg.env_cfg.dist_cfg.backend = 'gloo'
    cfg.model_wrapper_cfg = dict(
        type='MMDistributedDataParallel',
        device_ids=None,
        broadcast_buffers=False,
        find_unused_parameters=cfg.get('find_unused_parameters', False),
    )


def leave_group() -> None:
    """Leave the group of processes together; nothing where there is none.

    One that leaves while another still writes a file or talks to it can abort the other.
    """
    if torch.distributed.is_initialized():
        torch.distributed.barrier()
        torch.distributed.destroy_process_group()


def build_runner(cfg: Config) -> Runner:
    """Build MMEngine's runner. Raises `UserError` for a part that is not registered."""
    from fanet_mmpose.engine.dry_forward import check_model

    use_cpu_processes(cfg)
    try:
        runner = Runner.from_cfg(cfg)
    except KeyError as error:
        if 'registry' not in str(error):
            raise
        sentence = str(error.args[0]).split('. ')[0]
        raise UserError(f'{sentence}: correct its name, or import it in custom_imports') from error
    runner.logger.addFilter(_is_news)
    check_model(getattr(runner.model, 'module', runner.model))
    return runner


def _is_news(record: logging.LogRecord) -> bool:
    return not str(record.msg).startswith(LOG_NOISE)


def train(path: str | Path, options: TrainOptions) -> Runner:
    """Train what a config says; returns the finished runner.

    Everything that can be known before the first iteration is checked before it and raises
    `UserError`: data, points, parts that do not fit, a checkpoint to resume from.
    """
    from fanet_mmpose.engine.checkpoint import (
        allow_mmengine_state,
        check_shapes,
        load_checkpoint,
    )
    from fanet_mmpose.engine.preflight import check_data

    cfg = load_config(path)
    merge_train(cfg, options)
    merge_shared(cfg, path, options)
    check_data(cfg, ('train_dataloader', 'val_dataloader'))
    start = cfg.get('load_from') or ''
    content = load_checkpoint(start) if start and '://' not in start else None
    allow_mmengine_state()
    runner = build_runner(cfg)
    if content and cfg.resume:  # fine-tuning may change the head, going on may not
        check_shapes(content, getattr(runner.model, 'module', runner.model), start)
    loader = runner.train_loop.dataloader
    if len(loader) == 0:
        raise UserError(
            f'train_dataloader.batch_size is {cfg.train_dataloader.batch_size} and the dataset has '
            f'{len(loader.dataset)} faces, so no batch is ever full: lower it, or set '
            'train_dataloader.drop_last=False'
        )
    runner.train()
    return runner


class SaveMetrics(Hook):
    """Write the metrics of a test to a file whose suffix chooses the format."""

    priority = 'LOWEST'

    def __init__(self, path: str) -> None:
        self.path = Path(path)

    def after_test_epoch(self, runner: Runner, metrics: dict[str, float] | None = None) -> None:
        """Write through a temporary file, from the first process."""
        if runner.rank == 0 and metrics is not None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            temporary = self.path.with_name(f'.{self.path.name}')
            dump(metrics, temporary, file_format=self.path.suffix.lstrip('.'))
            os.replace(temporary, self.path)


def merge_test(cfg: Config, checkpoint: str, options: TestOptions) -> None:
    """Put testing's own flags into the config."""
    cfg.load_from = checkpoint
    if options.out and Path(options.out).suffix not in ('.json', '.yaml', '.yml', '.pkl'):
        raise UserError(f'--out {options.out}: its suffix must be .json, .yaml or .pkl')
    if options.dump:
        if Path(options.dump).suffix not in ('.pkl', '.pickle'):
            raise UserError(f'--dump {options.dump}: its suffix must be .pkl')
        metrics = cfg.test_evaluator
        metrics = [*metrics] if isinstance(metrics, (list, tuple)) else [metrics]
        cfg.test_evaluator = [*metrics, dict(type='DumpResults', out_file_path=options.dump)]


@contextmanager
def one_thread() -> Iterator[None]:
    """Compute with one thread, as each of several processes does.

    The last digits of a sum depend on how many threads share it, and a metric should not.
    """
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


def test(path: str | Path, checkpoint: str, options: TestOptions) -> dict[str, float]:
    """Evaluate a checkpoint on the config's test set; returns the metrics.

    The checkpoint is read as data. Raises `UserError` when it belongs to another point set or
    network, and for all that `train` checks.
    """
    from fanet_mmpose.engine.checkpoint import check_schema, check_shapes, load_checkpoint
    from fanet_mmpose.engine.preflight import check_data

    cfg = load_config(path)
    merge_shared(cfg, path, options)
    merge_test(cfg, checkpoint, options)  # last: --dump makes a list of the evaluator
    content = load_checkpoint(checkpoint)
    check_data(cfg, ('test_dataloader',))
    runner = build_runner(cfg)
    check_schema(content, runner.test_loop.dataloader.dataset.metainfo, checkpoint)
    check_shapes(content, getattr(runner.model, 'module', runner.model), checkpoint)
    if options.out:
        runner.register_hook(SaveMetrics(options.out))
    with one_thread():
        return runner.test()
