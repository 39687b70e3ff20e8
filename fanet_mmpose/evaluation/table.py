"""A summary as text for logs and terminals."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table

from fanet_mmpose.evaluation.summary import PERCENTILES, THRESHOLDS

WIDTH = 160


def format_summary(summary: Mapping[str, Any]) -> str:
    """Protocol line, the table of the whole set and its subsets, then parts and normalisers."""
    table = _score_table(summary)
    stream = io.StringIO()
    console = Console(file=stream, width=WIDTH, no_color=True, highlight=False)
    console.print(
        f'{summary["model"]} on {summary["dataset"]} ({summary["schema"]}, '
        f'{summary["faces"]} faces, {summary["missed"]} not found, '
        f'{summary["unscored"]} without normaliser); NME by {summary["normalizer"]}'
    )
    console.print(f'protocol: {summary["protocol"]}', soft_wrap=True)
    console.print(table)
    for line in _extra_lines(summary):
        console.print(line, soft_wrap=True)
    return '\n'.join(line.rstrip() for line in stream.getvalue().splitlines())


def _score_table(summary: Mapping[str, Any]) -> Table:
    table = Table(box=box.SIMPLE)
    table.add_column('faces', no_wrap=True)
    numbers = ['n', 'NME % [95 % interval]']
    numbers += [name for t in THRESHOLDS for name in (f'FR{t} %', f'AUC{t}')]
    for name in numbers + [f'P{rank} %' for rank in PERCENTILES]:
        table.add_column(name, no_wrap=True, justify='right')
    for name, score in {'all': summary['all'], **summary['subsets']}.items():
        table.add_row(name, str(score['faces']), *_cells(score))
    return table


def _cells(score: Mapping[str, Any]) -> list[str]:
    if not score['faces']:
        return ['-'] * (1 + 2 * len(THRESHOLDS) + len(PERCENTILES))
    low, high = score['interval']['nme']
    cells = [f'{score["nme"]:.3f} [{low:.2f}, {high:.2f}]']
    for percent in map(str, THRESHOLDS):
        cells += [f'{score["fr"][percent]:.2f}', f'{score["auc"][percent]:.3f}']
    return cells + [f'{score["percentiles"][str(rank)]:.2f}' for rank in PERCENTILES]


def _extra_lines(summary: Mapping[str, Any]) -> list[str]:
    groups = {
        'by part': {**summary['parts'], 'without contour': summary['inner']},
        'by visibility': summary['visibility'],
        'by normaliser': summary['nme_by_normalizer'],
        'every point weighing the same': {'all': summary['nme_over_points']},
    }
    return [
        f'NME % {label}: ' + ', '.join(f'{name} {value:.3f}' for name, value in group.items())
        for label, group in groups.items()
        if group
    ]
