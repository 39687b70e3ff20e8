"""The report's tables as HTML; every text from a file is escaped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from fanet_mmpose.evaluation.calibration import Calibration
from fanet_mmpose.evaluation.report.face_shape import slicings
from fanet_mmpose.evaluation.report.scored import ScoredModel, paired_difference
from fanet_mmpose.evaluation.summary import PERCENTILES, THRESHOLDS

Row = dict[str, str]
DASH = '–'


def to_html(rows: Sequence[Row]) -> str:
    """A table whose columns are the keys of the rows; missing cells are empty."""
    return pd.DataFrame(rows).fillna('').to_html(index=False, border=0, escape=True)


def number(value: float | None, digits: int = 2) -> str:
    """The number, or a dash where there is none."""
    return DASH if value is None or not np.isfinite(value) else f'{value:.{digits}f}'


def with_interval(score: Mapping[str, Any], key: str = 'nme', digits: int = 2) -> str:
    """``value [low, high]`` of the NME (`key` ``nme``) or a rate (``fr10``, ``auc8``)."""
    kind, threshold = key.rstrip('0123456789'), key.lstrip('abcdefghijklmnopqrstuvwxyz')
    value = score[kind][threshold] if threshold else score[kind]
    if key not in score['interval']:
        return number(value, digits)
    low, high = score['interval'][key]
    return f'{number(value, digits)} [{number(low, digits)}, {number(high, digits)}]'


def side_by_side(columns: Mapping[str, Row], corner: str = '') -> str:
    """A table with one column for each model and one row for each fact that any model has."""
    facts = dict.fromkeys(fact for column in columns.values() for fact in column)
    rows = []
    for fact in facts:
        cells = {name: column.get(fact, DASH) for name, column in columns.items()}
        if set(cells.values()) != {DASH}:
            rows.append({corner: fact, **cells})
    return to_html(rows) if rows else ''


def main_table(models: Sequence[ScoredModel]) -> str:
    """All faces: one column for each model."""
    return side_by_side({model.name: _main_facts(model, models[0]) for model in models})


def _main_facts(model: ScoredModel, first: ScoredModel) -> Row:
    summary = model.summary
    score = summary['all']
    facts = {
        'faces': str(summary['faces']),
        'of them not found': str(summary['missed']),
        'NME %': with_interval(score),
    }
    if model is not first:
        difference = paired_difference(model, first)
        if difference is not None:
            text = '{:+.2f} [{:+.2f}, {:+.2f}]'.format(*difference)
            facts[f'NME % less that of {first.name}'] = text
    if 'contour' in model.results.schema.parts:
        facts['NME % off the contour'] = number(summary['inner'])
    facts |= {f'FR{t} %': with_interval(score, f'fr{t}', 1) for t in THRESHOLDS}
    facts |= {f'AUC{t}': with_interval(score, f'auc{t}', 3) for t in THRESHOLDS}
    return facts | {f'P{rank} %': number(score['percentiles'][str(rank)]) for rank in PERCENTILES}


def protocol_table(models: Sequence[ScoredModel]) -> str:
    """How each model's predictions were made."""
    columns = {
        model.name: {'data': model.results.dataset, **model.results.protocol.facts()}
        for model in models
    }
    return side_by_side(columns)


def group_table(models: Sequence[ScoredModel], key: str) -> str:
    """NME by ``parts``, ``visibility`` or ``nme_by_normalizer``: a row for each model."""
    rows = [
        {'model': model.name} | {name: number(v) for name, v in model.summary[key].items()}
        for model in models
    ]
    return to_html(rows) if any(len(row) > 1 for row in rows) else ''


def subset_table(models: Sequence[ScoredModel]) -> str:
    """NME and FR10 of every attribute's subsets: a row for each subset; empty if there are none."""
    names = dict.fromkeys(name for model in models for name in model.summary['subsets'])
    rows = []
    for name in names:
        scores = {m.name: m.summary['subsets'].get(name) for m in models}
        row = {'faces with': name, 'n': str(max(s['faces'] for s in scores.values() if s))}
        for model, score in scores.items():
            if score:
                row[f'{model}: NME %'] = with_interval(score)
                row[f'{model}: FR10 %'] = with_interval(score, 'fr10', 1)
        rows.append(row)
    return to_html(rows) if rows else ''


def slice_table(models: Sequence[ScoredModel]) -> str:
    """NME by face size, roll and yaw: a row for each group of faces."""
    rows = []
    for grouping in range(len(slicings(models[0].results))):
        for group, label in enumerate(slicings(models[0].results)[grouping].labels):
            row: Row = {}
            for model in models:
                slicing = slicings(model.results)[grouping]
                score = model.score(slicing.members[group])
                row |= {'group': slicing.title, 'value': label, 'n': str(score['faces'])}
                row[f'{model.name}: NME %'] = with_interval(score) if score['faces'] else DASH
            rows.append(row)
    return to_html(rows)


def confidence_table(models: Sequence[ScoredModel]) -> str:
    """What each model's confidence is worth; empty if none states any."""
    return side_by_side({model.name: _confidence_facts(model.calibration) for model in models})


def _confidence_facts(facts: Calibration) -> Row:
    cells = {
        'rank correlation of score and error (ideal -1)': number(facts.spearman_score),
        'rank correlation of scale and error (ideal 1)': number(facts.spearman_scale),
        'error / scale (right: 1)': number(facts.scale_factor),
        'expected calibration error, %': number(_percent(facts.coverage_error), 1),
        'average precision, visible points': number(facts.visible_ap, 3),
        'average precision, occluded points': number(facts.occluded_ap, 3),
        'the same by guessing': number(facts.occluded_share, 3),
    }
    kept = facts.kept_error or {}
    return cells | {
        f'NME % of the {share} most confident points': number(error)
        for share, error in kept.items()
    }


def _percent(value: float | None) -> float | None:
    return None if value is None else 100 * value
