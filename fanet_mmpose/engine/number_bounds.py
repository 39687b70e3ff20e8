"""Numbers that no training needs are named before memory is taken for them."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator, Mapping
from typing import Any

from fanet_mmpose.errors import UserError

MAX_SIDE = 4096  # px of a crop, cells of a map
MAX_LAYER = 2**16  # channels, dimensions, points: any whole number of a model
MAX_BATCH = 2**16
MAX_PREFETCH = 1024
MIN_WORKERS, WORKERS_A_CORE = 64, 4  # a worker takes hundreds of MB
SIDES = ('input_size', 'heatmap_size', 'image_size')
LOADERS = ('train_dataloader', 'val_dataloader', 'test_dataloader')
RATES = ('optim_wrapper', 'param_scheduler')
SIZE = 'head.decoder.input_size'
BYTES = 3 * 4  # of a pixel as the network takes it


def check_numbers(config: Mapping[str, Any]) -> None:
    """Raise `UserError` for a number of a whole config that is not finite, or out of all bounds."""
    for path, value in numbers_in(config):
        name = path.rpartition('.')[2].partition('[')[0]
        whole = isinstance(value, int)
        if math.isnan(value):
            raise UserError(f'{path} is nan, which is no number: correct it')
        if math.isinf(value) and path.startswith(RATES) and name != 'norm_type':
            raise UserError(f'{path} is {value} and must be finite: correct it')
        if name in SIDES and not (whole and 1 <= value <= MAX_SIDE):
            raise UserError(f'{path} is {value} and must be a whole number from 1 to {MAX_SIDE}')
        if path.startswith('model.') and whole and abs(value) > MAX_LAYER:
            raise UserError(f'{path} is {value}, more than any layer has: at most {MAX_LAYER}')
    for name in LOADERS:
        _check_loader(name, config.get(name) or {})
        check_batch_memory(config, name)


def numbers_in(part: Any, path: str = '') -> Iterator[tuple[str, int | float]]:
    """Every number of a config with its place, such as `train_dataloader.batch_size`."""
    if isinstance(part, (int, float)) and not isinstance(part, bool):
        yield path, part
    elif hasattr(part, 'items'):
        for name, child in part.items():
            yield from numbers_in(child, f'{path}.{name}'.lstrip('.'))
    elif isinstance(part, (list, tuple)):
        for number, child in enumerate(part):
            yield from numbers_in(child, f'{path}[{number}]')


def check_batch_memory(config: Mapping[str, Any], name: str, memory: int | None = None) -> None:
    """Raise `UserError` where the crops of one batch alone are larger than the machine's memory.

    Args:
        config: a whole config; without `model.head.decoder.input_size` there is nothing to compare.
        name: of the loader.
        memory: bytes; None: what the system says.
    """
    sizes = [value for path, value in numbers_in(config.get('model')) if SIZE in path]
    memory = installed_memory() if memory is None else memory
    batch = (config.get(name) or {}).get('batch_size', 1)
    if len(sizes) != 2 or memory is None or not isinstance(batch, int):
        return
    needed = batch * math.prod(sizes) * BYTES
    if needed > memory:
        raise UserError(
            f'{name}.batch_size is {batch}: such a batch of {sizes[0]}×{sizes[1]} px takes '
            f'{needed / 1e9:.0f} GB and this machine has {memory / 1e9:.0f} GB: set it lower'
        )


def installed_memory() -> int | None:
    """Bytes of memory; None where the system does not say."""
    try:
        return os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES')
    except (AttributeError, OSError, ValueError):  # not on every system
        return None


def _check_loader(name: str, loader: Mapping[str, Any]) -> None:
    cores = os.cpu_count() or 1
    workers = max(MIN_WORKERS, WORKERS_A_CORE * cores)
    for field, most, why in (
        ('batch_size', MAX_BATCH, ''),
        ('num_workers', workers, f' on this machine of {cores} cores'),
        ('prefetch_factor', MAX_PREFETCH, ''),
    ):
        value = loader.get(field)
        if isinstance(value, int) and value > most:
            raise UserError(f'{name}.{field} is {value} and must be at most {most}{why}')
