"""Read-outs as Markdown: one checkpoint, or the same over several seeds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from fanet_mmpose.discovery.measure import summarize


def format_scores(result: Mapping[str, Any]) -> str:
    """A table of one checkpoint: a row for each number of faces."""
    lines = [
        f'{result["checkpoint"]} on {result["faces"]} {result["part"]}, '
        f'{result["faces_held_out"]} faces, % of the eye distance',
        '| faces to fit on | forward | median | backward | median |',
        '|---|---|---|---|---|',
    ]
    for num, row in summarize(result).items():
        lines.append(f'| {num} | ' + ' | '.join(f'{value:.2f}' for value in row.values()) + ' |')
    groups = result['scores'][-1]['forward_by_group']
    lines += [f'all faces, {name}: {value:.2f}' for name, value in groups.items()]
    lines += [f'{name}: {value}' for name, value in result['failures'].items()]
    return '\n'.join(lines)


def format_row(name: str, results: Sequence[Mapping[str, Any]], field: str) -> str:
    """One method as a table row: mean ± standard deviation over trainings, a cell for each number.

    Args:
        name: first cell.
        results: of `measure`, one for each training seed.
        field: such as ``'forward_mean'``.
    """
    columns = zip(*(summarize(result).values() for result in results), strict=True)
    cells = []
    for column in columns:
        values = np.array([row[field] for row in column])
        spread = f' ± {values.std(ddof=1):.2f}' if len(values) > 1 else ''
        cells.append(f'{values.mean():.2f}{spread}')
    return f'| {name} | ' + ' | '.join(cells) + ' |'
