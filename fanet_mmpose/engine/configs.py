"""Read a config, and put the command line into it."""

from __future__ import annotations

import importlib
import warnings
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

import torch
from mmengine.config import Config
from mmengine.hooks import CheckpointHook

from fanet_mmpose import base_configs
from fanet_mmpose.earlier_names import accept_earlier_settings, present_config_file
from fanet_mmpose.engine import checkpoint_schemes
from fanet_mmpose.engine.config_fields import check_kinds
from fanet_mmpose.engine.config_files import reading_config
from fanet_mmpose.engine.input_size import refuse_bare_size, resize
from fanet_mmpose.engine.newest_checkpoint import newest_checkpoint
from fanet_mmpose.engine.options import RunOptions, TestOptions, TrainOptions
from fanet_mmpose.errors import UserError

# Said at every start by the host and of no use to anybody.
NOISE = (
    '.*faster_coco_eval.*',
    '.*metainfo config file.*',
    '.*Use the existing "bbox_center".*',
    'torch.meshgrid',
)


STOCK_CHECKPOINT = ('CheckpointHook', CheckpointHook)


def load_config(path: str | Path) -> Config:
    """Read a config with its bases and custom imports.

    Raises `UserError` as `reading_config` and `check_kinds`.
    """
    for message in NOISE:
        warnings.filterwarnings('ignore', message=message)
    base_configs.install()
    path = present_config_file(path)
    with reading_config(path):
        config = Config.fromfile(path)
    accept_earlier_settings(config)
    check_kinds(config, str(path))
    refuse_bare_size(config, str(path))
    with redirect_stdout(StringIO()):  # mmdet says, twice, what it could not import
        importlib.import_module('mmpose.apis')
    checkpoint_schemes.install()  # also where a config does without the plugin
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
    """Put `--cfg-options` into the config, one by one, so that `UserError` can name one.

    `input_size` is no setting of its own: it sets every setting that depends on it.
    """
    for name, value in options.items():
        try:
            cfg.merge_from_dict({name: value})
        except (AttributeError, KeyError, TypeError) as error:
            raise UserError(
                f'--cfg-options {name}={value}: does not fit the config, because on the way there '
                'is a list (count from 0: name.0.field) that is too short, or a plain value'
            ) from error
    if 'input_size' in options:
        resize(cfg, cfg.pop('input_size'))


def use_amp(cfg: Config) -> None:
    """Mixed precision: MMEngine's on a GPU; ours where MMEngine's refuses to run, on a CPU.

    Our recipes, which name no type, have it already and stay as they are.
    """
    if cfg.optim_wrapper.get('constructor') == 'MergedGroupsConstructor':
        cfg.optim_wrapper.setdefault('type', 'AutocastOptimWrapper')
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


def add_hooks(cfg: Config) -> None:
    """Training that can be stopped: our hooks beside, or in the place of, those of any config."""
    import fanet_mmpose.engine.durable_checkpoint_hook
    import fanet_mmpose.engine.end_workers_hook
    import fanet_mmpose.engine.loss_hooks
    import fanet_mmpose.engine.seed_draws_hook  # noqa: F401  registers it

    hooks = cfg.setdefault('default_hooks', {})
    hooks.setdefault('seed_draws', dict(type='mmpose.SeedDrawsHook'))
    hooks.setdefault('end_workers', dict(type='mmpose.EndWorkersHook'))
    hooks.setdefault('mean_losses', dict(type='mmpose.MeanLossesHook'))
    hooks.setdefault('finite_loss', dict(type='mmpose.FiniteLossHook'))
    checkpoint = hooks.setdefault('checkpoint', dict(interval=1))  # as MMEngine's own default
    if checkpoint is not None and checkpoint.get('type', 'CheckpointHook') in STOCK_CHECKPOINT:
        checkpoint['type'] = 'mmpose.DurableCheckpointHook'


def merge_train(cfg: Config, options: TrainOptions) -> None:
    """Put training's own flags into the config."""
    add_hooks(cfg)
    if options.no_validate:
        cfg.val_cfg = cfg.val_dataloader = cfg.val_evaluator = None
    if options.amp:
        use_amp(cfg)
    if options.auto_scale_lr:
        if 'auto_scale_lr' not in cfg:
            raise UserError('auto_scale_lr.base_batch_size is missing and --auto-scale-lr needs it')
        cfg.auto_scale_lr.enable = True


def merge_resume(cfg: Config, options: TrainOptions) -> None:
    """Say where to go on from; last, because it looks into `work_dir`.

    `resume=True` in a config without `load_from` is `--resume`. Where that finds nothing yet, a
    training starts as its config says, from `load_from` if there is one.
    """
    asked = options.resume or ('auto' if cfg.get('resume') and not cfg.get('load_from') else None)
    if asked == 'auto':
        newest = newest_checkpoint(cfg.work_dir)
        cfg.resume = newest is not None
        cfg.load_from = str(newest) if newest else cfg.get('load_from')
    elif asked:
        cfg.resume, cfg.load_from = True, asked


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
