"""What is kept of a training: one small JSON file."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

from mmengine.analysis import get_model_complexity_info
from mmengine.registry import DefaultScope

from fanet_mmpose.errors import UserError
from fanet_mmpose.files import write_json
from projects.arena.entry import Entry, fingerprint

CROP = 'ground-truth box of the points padded by 1.25, no flip test'
RULE = 'last epoch, averaged weights'


@dataclass(frozen=True)
class Row:
    """A trained entry.

    Attributes:
        name, table, budget, faces, seed, config, command: of the entry.
        fingerprint: of its resolved config.
        size, epochs: of its budget.
        params_m: parameters, millions.
        gmacs: multiply-adds of one face, 10^9, by mmengine's counter.
        seconds: of training, on the machine's clock.
        machine: that trained it.
        scores: {split: {metric: value}}, NME in % of the inter-ocular distance.
        crop, checkpoint_rule: protocol.
    """

    name: str
    table: str
    budget: str
    faces: str
    seed: int
    config: str
    command: str
    fingerprint: str
    size: int
    epochs: int
    params_m: float
    gmacs: float
    seconds: float = 0.0
    machine: str = ''
    scores: dict[str, dict[str, float]] = field(default_factory=dict)
    crop: str = CROP
    checkpoint_rule: str = RULE


def count_cost(model: dict, size: int) -> tuple[float, float]:
    """Millions of parameters, and 10^9 multiply-adds of one `size`×`size` face, by mmengine."""
    from mmpose.models import build_pose_estimator

    with DefaultScope.overwrite_default_scope('mmpose'):
        built = build_pose_estimator(model).eval()
    built.forward = built._forward  # what the counter calls
    counted = get_model_complexity_info(built, (3, size, size), show_table=False, show_arch=False)
    return round(counted['params'] / 1e6, 3), round(counted['flops'] / 1e9, 4)


def describe(entry: Entry) -> Row:
    """The row of an entry before it is trained. Raises `UserError` as `Entry.load`."""
    cfg = entry.load()
    params_m, gmacs = count_cost(cfg.model, cfg.size)
    return Row(
        name=entry.name,
        table=entry.table,
        budget=entry.budget,
        faces=entry.faces,
        seed=entry.seed,
        config=f'projects/arena/configs/{entry.table}/{entry.config.name}',
        command=entry.command,
        fingerprint=fingerprint(cfg),
        size=cfg.size,
        epochs=cfg.train_cfg.max_epochs,
        params_m=params_m,
        gmacs=gmacs,
    )


def read_row(path: Path) -> Row:
    """A row from its file. Raises `UserError` where it is none."""
    try:
        return Row(**json.loads(path.read_text(encoding='utf-8')))
    except (OSError, ValueError, TypeError) as error:
        raise UserError(f'{path}: is no row of the arena ({error}); delete it') from error


def read_rows(folder: Path) -> list[Row]:
    """All rows below a folder."""
    return [read_row(path) for path in sorted(folder.glob('**/*_seed*.json'))]


def write_row(path: Path, row: Row) -> None:
    """Write its file, whole or not at all."""
    write_json(path, asdict(row), indent=1)
