"""Recipes that start from another recipe's checkpoint, in the order to train them."""

from __future__ import annotations

from pathlib import Path

from mmengine.config import Config

from fanet_mmpose import base_configs
from fanet_mmpose.engine.config_files import reading_config
from fanet_mmpose.errors import UserError

WORK = 'work_dirs'


def find_chain(config: Path) -> list[Path]:
    """The configs to train, first to last; `config` is the last, whatever is trained already.

    A config whose ``load_from`` is ``work_dirs/<stem>/…`` comes after ``<stem>.py`` of its own
    folder, unless that file exists already.

    Raises:
        UserError: there is no such config, no config of that stem beside it, or a loop.
    """
    base_configs.install()
    chain: list[Path] = []
    current: Path | None = config
    while current is not None:
        if not current.is_file():
            raise UserError(f'{current}: there is no such config')
        if current in chain:
            raise UserError(f'{current}: load_from leads back to this very config')
        chain.insert(0, current)
        current = _start_of(current)
    return chain


def _start_of(config: Path) -> Path | None:
    """The config whose missing checkpoint this one starts from; None where nothing is missing."""
    with reading_config(config):
        start = Config.fromfile(config, import_custom_modules=False).get('load_from')
    if start is None or Path(start).exists() or Path(start).parts[0] != WORK:
        return None
    return config.parent / f'{Path(start).parts[1]}.py'
