"""Rows as tables: one line for each entry, mean and spread over its seeds."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from projects.arena.entry import BUDGETS, FACES
from projects.arena.row import Row

SPLITS = ('300w val', '300w test', 'ytf68 val')
MISSING = '–'  # not measured
WHOLE = 'fanet_lite'  # what ablations take parts away from


def to_frame(rows: Sequence[Row]) -> pd.DataFrame:
    """A line for each row; NME of a split in columns `<split>` and `<split> inner`."""
    lines = []
    for row in rows:
        line = dict(vars(row))
        for split, metrics in line.pop('scores').items():
            line[split], line[f'{split} inner'] = metrics['NME'], metrics['NME_inner51']
        lines.append(line)
    return pd.DataFrame(lines)


def summarize(frame: pd.DataFrame) -> pd.DataFrame:
    """A line for each network, best on val first: means, spreads (`… ±`) and number of seeds."""
    columns = [column for column in frame if column.startswith(SPLITS)]
    groups = frame.groupby('name')
    means = groups[[*columns, 'params_m', 'gmacs']].mean()
    # Half the range: of two or three seeds a standard deviation would say less.
    spread = (groups[columns].max() - groups[columns].min()) / 2
    means = means.join(spread.add_suffix(' ±')).join(groups.size().rename('seeds'))
    return means.sort_values(SPLITS[0])


def format_score(line: pd.Series, split: str) -> str:
    """NME of all points / of the inner 51, with the spread where there is more than one seed."""
    if pd.isna(line.get(split)):
        return MISSING
    spread = f' ± {line[f"{split} ±"]:.2f}' if line['seeds'] > 1 else ''
    return f'{line[split]:.2f}{spread} / {line[f"{split} inner"]:.2f}'


def format_table(summary: pd.DataFrame, latency: dict[str, float]) -> str:
    """Markdown.

    Args:
        summary: of `summarize`.
        latency: name -> ms of one face.
    """
    lines = [
        '| network | parameters | multiply-adds | ms | seeds | ' + ' | '.join(SPLITS) + ' |',
        '|---' * (5 + len(SPLITS)) + '|',
    ]
    for name, line in summary.iterrows():
        ms = f'{latency[name]:.1f}' if name in latency else MISSING
        cells = [str(name), f'{line["params_m"]:.2f} M', f'{line["gmacs"]:.3f} G', ms]
        cells += [f'{line["seeds"]:.0f}', *(format_score(line, split) for split in SPLITS)]
        lines.append(f'| {" | ".join(cells)} |')
    return '\n'.join(lines)


def format_all(rows: Sequence[Row], latency: dict[str, float]) -> str:
    """A section for each table, budget and faces that has rows."""
    frame = to_frame(rows)
    parts = []
    for table in ('arena', 'ablation'):
        for budget, limits in BUDGETS.items():
            for faces in FACES:
                chosen = frame[(frame.budget == budget) & (frame.faces == faces)]
                if table not in set(chosen.table):
                    continue
                compared = (chosen.name == WHOLE) & (table == 'ablation')
                chosen = chosen[(chosen.table == table) | compared]
                size = f'{limits.size}×{limits.size}'
                parts.append(
                    f'### {table.capitalize()}, {budget} budget: {size}, {limits.epochs} epochs, '
                    f'trained on {faces}\n\n{format_table(summarize(chosen), latency)}'
                )
    return '\n\n'.join(parts)


def pareto(costs: Sequence[float], errors: Sequence[float]) -> list[int]:
    """Indices that nothing beats in both, by rising cost."""
    order = sorted(range(len(costs)), key=lambda index: (costs[index], errors[index]))
    front: list[int] = []
    for index in order:
        if not front or errors[index] < errors[front[-1]]:
            front.append(index)
    return front
