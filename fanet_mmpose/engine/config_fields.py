"""What the settings of a config must be before anything is built of them."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from torch.utils.data import DataLoader

from fanet_mmpose.engine.number_bounds import check_numbers
from fanet_mmpose.errors import UserError

MAPPINGS = (
    'model', 'train_dataloader', 'val_dataloader', 'test_dataloader', 'train_cfg', 'val_cfg',
    'test_cfg', 'optim_wrapper', 'auto_scale_lr', 'default_hooks', 'env_cfg', 'log_processor',
    'randomness', 'custom_imports',
)  # fmt: skip
TEXTS = ('work_dir', 'load_from', 'launcher', 'default_scope', 'log_level', 'experiment_name')
LISTS = ('custom_hooks',)
SEVERAL = ('val_evaluator', 'test_evaluator', 'param_scheduler')  # one, or a list of them
NEEDED = {
    'train': ('model', 'train_dataloader', 'train_cfg', 'optim_wrapper'),
    'val': ('val_dataloader', 'val_cfg', 'val_evaluator'),
    'test': ('model', 'test_dataloader', 'test_cfg', 'test_evaluator'),
}
# What MMEngine takes out of a loader before PyTorch sees it.
LOADER_FIELDS = {
    'dataset', 'sampler', 'batch_sampler', 'collate_fn', 'worker_init_fn', 'num_batch_per_epoch',
    'disable_subprocess_warning',
} | set(inspect.signature(DataLoader).parameters)  # fmt: skip


def nearest(name: str, known: Iterable[str]) -> str:
    """` (did you mean …?)`, or nothing where no known name is like it."""
    close = get_close_matches(name, sorted(known), n=1, cutoff=0.6)
    return f' (did you mean {close[0]}?)' if close else ''


def check_kinds(config: Mapping[str, Any], path: str) -> None:
    """Raise `UserError` for a setting of a whole config that is of another kind than MMEngine's."""
    for names, kinds, words in (
        (MAPPINGS, (Mapping, dict), 'a mapping'),
        (TEXTS, (str,), 'a text'),
        (LISTS, (list, tuple), 'a list'),
        (SEVERAL, (Mapping, dict, list, tuple), 'a mapping or a list of mappings'),
    ):
        for name in names:
            value = config.get(name)
            if value is not None and not isinstance(value, kinds):
                raise UserError(f'{path}: {name} is {value!r} and must be {words}')


def check_needed(config: Mapping[str, Any], task: str, path: str) -> None:
    """Raise `UserError` where a config lacks what 'train' or 'test' needs, or a loader is wrong."""
    check_kinds(config, path)
    validates = task == 'train' and any(config.get(name) for name in NEEDED['val'])
    for name in (*NEEDED[task], *(NEEDED['val'] if validates else ())):
        # An empty `val_cfg` or `test_cfg` means MMEngine's own.
        if config.get(name) is None:
            raise UserError(
                f'{path}: {name} is missing: write it, or name a config that has it as _base_'
            )
        if name.endswith('_dataloader'):
            check_loader(name, config[name])
    check_numbers(config)
    if task == 'train':
        check_lengths(config['train_cfg'])


def check_lengths(train_cfg: Mapping[str, Any]) -> None:
    """Raise `UserError` for a training of no epoch, or a validation after every none."""
    for name in ('max_epochs', 'max_iters', 'val_interval'):
        value = train_cfg.get(name, 1)
        if isinstance(value, bool) or not isinstance(value, (int, float)) or value < 1:
            raise UserError(f'train_cfg.{name} is {value!r} and must be a number from 1 upwards')


def check_loader(name: str, loader: Mapping[str, Any]) -> None:
    """Raise `UserError` for a setting of a data loader that PyTorch would refuse, or not know."""
    for field in loader:
        if field not in LOADER_FIELDS:
            raise UserError(
                f'{name}.{field} is no setting of a data loader{nearest(field, LOADER_FIELDS)}'
            )
    for field, least in (('batch_size', 1), ('num_workers', 0)):
        value = loader.get(field, least)
        if type(value) is not int or value < least:
            raise UserError(
                f'{name}.{field} is {value!r} and must be a whole number from {least} upwards'
            )
    if loader.get('num_workers', 0) == 0:
        for field in ('persistent_workers', 'prefetch_factor', 'timeout'):
            if loader.get(field):
                raise UserError(
                    f'{name}.{field} is {loader[field]!r} and num_workers is 0, so there is no '
                    f'worker: set {field}={False if field[:4] == "pers" else None}, or num_workers '
                    'to 1 or more'
                )
    _check_dataset(f'{name}.dataset', loader.get('dataset'))


def _check_dataset(where: str, dataset: Any) -> None:
    """A dataset, those inside it, and the steps of their pipelines have types."""
    if not hasattr(dataset, 'get'):
        raise UserError(f'{where} is {dataset!r} and must be a mapping with type')
    _check_type(where, dataset)
    steps = dataset.get('pipeline')
    if steps is not None and (isinstance(steps, str) or not isinstance(steps, Sequence)):
        raise UserError(f'{where}.pipeline is {steps!r} and must be a list of transforms')
    for number, step in enumerate(steps or ()):
        _check_type(f'{where}.pipeline[{number}]', step)
    inner = dataset.get('datasets')
    if inner is not None and (isinstance(inner, str) or not isinstance(inner, Sequence)):
        raise UserError(f'{where}.datasets is {inner!r} and must be a list of datasets')
    for number, child in enumerate(inner or ()):
        _check_dataset(f'{where}.datasets[{number}]', child)
    if 'dataset' in dataset:
        _check_dataset(f'{where}.dataset', dataset['dataset'])


def _check_type(where: str, part: Any) -> None:
    if not hasattr(part, 'get') or not part.get('type'):
        raise UserError(f'{where} is {part!r} and must be a mapping with type')
