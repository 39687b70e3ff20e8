"""What a training left in its work directory, as one small record: config, seed, scores on val."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mmengine.config import Config

from fanet_mmpose.errors import UserError

CROP = 'ground-truth box of the points padded by 1.25, no flip test'
RULE = 'last iteration, averaged weights'
KEPT = ('NME', 'NME_inner51', 'NME_contour', 'NME_brows', 'NME_eyes', 'NME_nose', 'NME_mouth',
        'FR8', 'FR10', 'AUC10')  # fmt: skip


def keep(metrics: Mapping[str, float]) -> dict[str, float]:
    """The metrics that a record has, rounded; those that were not measured are left out."""
    return {name: round(metrics[name], 4) for name in KEPT if name in metrics}


def trained_config(work: Path) -> tuple[str, Config]:
    """Name and content of the config that the runner kept in a work directory.

    Raises:
        UserError: there is none.
    """
    found = sorted(work.glob('*.py'))
    if not found:
        raise UserError(f'{work}: has no config: give the work directory of a training')
    return found[0].name, Config.fromfile(found[0])


def last_validation(work: Path) -> dict[str, float]:
    """Metrics of the last validation in the newest log that has one.

    Raises:
        UserError: nothing was validated.
    """
    for log in sorted(work.glob('*/vis_data/scalars.json'), reverse=True):
        for line in reversed(log.read_text(encoding='utf-8').splitlines()):
            scalars = json.loads(line)
            if 'NME' in scalars:
                return keep(scalars)
    raise UserError(f'{work}: no validation is in its logs: let the training reach its end')


def few_labels(dataset: Mapping[str, Any]) -> dict[str, Any] | None:
    """Draw and number of the labels that a dataset's config has, wherever they are in it."""
    if dataset['type'] == 'FewLabelsDataset':
        return dict(draw=dataset['draw'], count=dataset['count'])
    parts = dataset.get('datasets', [])
    return next((found for part in parts if (found := few_labels(part))), None)


def describe_training(work: Path, command: str, test: Mapping[str, float] | None) -> dict[str, Any]:
    """The record of a finished training.

    Args:
        work: its work directory.
        command: that trained it.
        test: metrics on 300W test, where that was read.

    Raises:
        UserError: the directory is not that of a finished training.
    """
    _, cfg = trained_config(work)
    record = dict(
        command=command,
        seed=cfg.randomness.seed,
        labels=few_labels(cfg.train_dataloader.dataset),
        start=cfg.get('load_from'),
        batch=cfg.train_dataloader.batch_size,
        length=dict(cfg.train_cfg),
        crop=CROP,
        checkpoint_rule=RULE,
        **{'300w val': last_validation(work)},
    )
    if test is not None:
        record['300w test'] = keep(test)
    return record
