"""Linear probes as Markdown: one checkpoint, or one configuration over several trainings."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from fanet_mmpose.errors import UserError
from projects.discovery.measure import summarize

SEED = re.compile(r'_seed\d+$')


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


def group_files(paths: Sequence[Path]) -> dict[str, list[dict[str, Any]]]:
    """Results by name; files that differ in ``_seed<n>`` alone are trainings of one method.

    Raises:
        UserError: a file is no result of `measure`.
    """
    groups: dict[str, list[dict[str, Any]]] = {}
    for path in paths:
        try:
            content = json.loads(path.read_text(encoding='utf-8'))
            content['scores'][0]['forward_mean']
        except (OSError, ValueError, KeyError, IndexError, TypeError) as error:
            raise UserError(f'{path}: no result of tools/linear_probe.py ({error})') from None
        groups.setdefault(SEED.sub('', path.stem), []).append(content)
    return groups


def format_table(groups: Mapping[str, Sequence[Mapping[str, Any]]], field: str) -> str:
    """A row for each method; all must have been fitted on the same numbers of faces.

    Raises:
        UserError: they were not.
    """
    heads = {tuple(summarize(result)) for results in groups.values() for result in results}
    if len(heads) != 1:
        raise UserError('these results were fitted on different numbers of faces: give one table')
    head = ' | '.join(map(str, heads.pop()))
    rows = [format_row(name, results, field) for name, results in groups.items()]
    return '\n'.join([f'| {field} | {head} |', '|---' * (2 + head.count('|')) + '|', *rows])
