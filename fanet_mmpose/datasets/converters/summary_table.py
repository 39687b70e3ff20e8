"""The summary of a conversion as a table for the terminal."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

_ORDER = ('train', 'val', 'test', 'private')
_NO_VAL = (
    'There is no val, as all faces are of one photograph, person or video: add another one, or '
    'train with --cfg-options val_cfg=None val_dataloader=None val_evaluator=None.'
)


def print_summary(summary: Mapping[str, Any], out: Path, console: Console | None = None) -> None:
    """Print faces and images by split, what was quarantined, and what to look at next."""
    console = console or Console()
    table = Table(title=f'{summary["dataset"]} ({summary["schema"]}) in {out}')
    for column in ('split', 'faces', 'images', 'official faces'):
        table.add_column(column, justify='left' if column == 'split' else 'right')
    for fold in sorted(summary['faces'], key=_ORDER.index):
        table.add_row(
            fold,
            str(summary['faces'][fold]),
            str(summary['images'][fold]),
            _official(summary, fold),
        )
    console.print(table)
    for action, count in summary['quarantined'].items():
        console.print(f'{count} x {action}; the reasons are in {out / "quarantine.csv"}')
    shared = summary.get('persons_in_several_splits', 0)
    if shared:
        console.print(f'{shared} persons have faces in more than one split, as their file says it')
    if summary.get('wrong_pair'):
        console.print(summary['wrong_pair'], soft_wrap=True)
    if 'train' in summary['faces'] and 'val' not in summary['faces']:
        console.print(_NO_VAL, soft_wrap=True)
    console.print(f'Look at {out / "contact_sheet.png"} before you train.', soft_wrap=True)


def _official(summary: Mapping[str, Any], fold: str) -> str:
    expected = summary['official'].get(fold)
    if expected is None:
        return 'out of train' if fold == 'val' and summary['official'] else ''
    found = summary['official_found'].get(fold, 0)
    return str(expected) if found == expected else f'{expected}, {found} usable here'
