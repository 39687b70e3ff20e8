"""Extractors and regressors side by side: what their trainings left, and the table of it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from mmengine.config import Config

from fanet_mmpose.engine.configs import load_config
from projects.arena.row import CROP, RULE, count_cost
from projects.arena.table import MISSING
from projects.arena.train import KEPT

TRAIN = 'python tools/train.py {} --work-dir {} --cfg-options randomness.seed={}'


def last_scores(work: Path, epochs: int) -> dict[str, float] | None:
    """Metrics on val after the last epoch, from the logs of a training; None before its end."""
    for log in sorted(work.glob('*/vis_data/scalars.json'), reverse=True):
        for line in reversed(log.read_text(encoding='utf-8').splitlines()):
            scalars = json.loads(line)
            if 'NME' in scalars and scalars['step'] == epochs:
                return {name: round(scalars[name], 4) for name in KEPT}
    return None


def trained_config(work: Path, name: str) -> Config | None:
    """What the runner kept of the config that was trained; None where nothing was."""
    path = work / name
    return Config.fromfile(path) if path.is_file() else None


def describe_part(config: Path, work: Path) -> dict[str, Any]:
    """A row: cost of a config's network and, where this very network was trained, its scores.

    Args:
        config: File below this project's `configs/`.
        work: Folder of all trainings; this one's is `<folder>/<name>` in it.

    Raises:
        UserError: there is no such config.
    """
    cfg = load_config(config)
    folder = work / config.parent.name / config.stem
    params_m, gmacs = count_cost(cfg.model, max(cfg.codec.input_size))
    epochs = cfg.train_cfg.max_epochs
    trained = trained_config(folder, config.name)
    seed, val = 0, None
    if trained is not None and trained.model == cfg.model:
        seed, val = trained.randomness.seed, last_scores(folder, epochs)
    shown = f'projects/handcrafted_features/configs/{config.parent.name}/{config.name}'
    return dict(
        name=config.stem,
        table=config.parent.name,
        config=shown,
        command=TRAIN.format(shown, f'work_dirs/parts/{config.parent.name}/{config.stem}', seed),
        seed=seed,
        epochs=epochs,
        params_m=params_m,
        gmacs=gmacs,
        split='300w val, 200 faces',
        crop=CROP,
        checkpoint_rule=RULE,
        val=val,
    )


def format_parts(rows: Iterable[dict[str, Any]]) -> str:
    """Markdown, a line for each row."""
    lines = ['| | parameters | multiply-adds | NME %, all 68 | inner 51 |', '|---' * 5 + '|']
    for row in rows:
        val = row['val'] or {}
        scores = [f'{val[k]:.2f}' if val else MISSING for k in ('NME', 'NME_inner51')]
        name = f'`{row["table"]}/{row["name"]}`'
        cells = [name, f'{row["params_m"]:.2f} M', f'{row["gmacs"]:.3f} G', *scores]
        lines.append(f'| {" | ".join(cells)} |')
    return '\n'.join(lines)
