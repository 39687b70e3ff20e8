"""What is compared: a network, under a budget, on faces, with a seed."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from mmengine.config import Config

from fanet_mmpose.engine.configs import load_config
from fanet_mmpose.errors import UserError

TABLES = ('arena', 'ablation')  # folders of configs
FACES = ('300w', '300w_ytf68')


@dataclass(frozen=True)
class Budget:
    """Side of the input, px, epochs, and faces in a batch."""

    size: int
    epochs: int
    batch: int = 16


# small: what two CPU cores train in half an hour a network. long: what a part is worth once the
# rest has learnt its own. full: the field's input size, on a GPU, which wants larger batches.
BUDGETS = {'small': Budget(128, 10), 'long': Budget(128, 30), 'full': Budget(256, 60, 32)}


@dataclass(frozen=True)
class Entry:
    """One training.

    Attributes:
        config: in one of `TABLES`.
        budget: one of `BUDGETS`.
        faces: one of `FACES`.
        seed: of the training.
    """

    config: Path
    budget: str = 'small'
    faces: str = '300w'
    seed: int = 0

    @property
    def table(self) -> str:
        """Which table it belongs to."""
        return self.config.parent.name

    @property
    def name(self) -> str:
        """As in the tables."""
        return self.config.stem.removesuffix('_300w')

    @property
    def key(self) -> str:
        """Path of its row and of its work directory, below where those are kept."""
        return f'{self.table}/{self.budget}/{self.faces}/{self.name}_seed{self.seed}'

    @property
    def environment(self) -> dict[str, str]:
        """What its config reads from the environment."""
        budget = BUDGETS[self.budget]
        return dict(
            ARENA_SIZE=str(budget.size),
            ARENA_EPOCHS=str(budget.epochs),
            ARENA_BATCH=str(budget.batch),
            ARENA_FACES=self.faces,
        )

    def load(self) -> Config:
        """Its config under its budget. Raises `UserError` where the config cannot be read."""
        with environment(self.environment):
            return load_config(self.config)

    @property
    def command(self) -> str:
        """For a shell, from the repository's folder."""
        settings = ' '.join(f'{name}={value}' for name, value in self.environment.items())
        config = f'projects/arena/configs/{self.table}/{self.config.name}'
        return (
            f'{settings} python tools/train.py {config} --cfg-options randomness.seed={self.seed}'
        )


@contextmanager
def environment(settings: dict[str, str]) -> Iterator[None]:
    """Environment variables within a block."""
    before = {name: os.environ.get(name) for name in settings}
    os.environ.update(settings)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value


def fingerprint(cfg: Config) -> str:
    """Changes whenever something changes that the resolved config says."""
    return hashlib.sha256(cfg.pretty_text.encode()).hexdigest()[:16]


def find_configs(configs: Path, only: Iterable[str] = ()) -> list[Path]:
    """The configs of all tables, or those of the given names, in the order of the names.

    Raises:
        UserError: there is no entry of one of the names.
    """
    found = [path for table in TABLES for path in sorted((configs / table).glob('[!_]*.py'))]
    by_name = {Entry(path).name: path for path in found}
    unknown = [name for name in only if name not in by_name]
    if unknown:
        raise UserError(f'{unknown[0]}: no such entry; one of {", ".join(by_name)}')
    return [by_name[name] for name in only] or found
