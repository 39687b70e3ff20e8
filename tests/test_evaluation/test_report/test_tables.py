"""The report's tables."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from fanet_mmpose.evaluation.report import tables
from fanet_mmpose.evaluation.report.scored import ScoredModel, score_model
from fanet_mmpose.evaluation.results import Results


@pytest.fixture
def models(results: Results) -> list[ScoredModel]:
    bare = dataclasses.replace(results, model='bare', scores=None, scales=None)
    return [score_model(each, 'inter_ocular') for each in (results, bare)]


def test_numbers_and_dashes() -> None:
    assert tables.number(1.236) == '1.24'
    assert tables.number(None) == tables.number(np.nan) == tables.number(np.inf) == tables.DASH


def test_interval() -> None:
    score = {'nme': 3.0, 'fr': {'10': 1.0}, 'interval': {'nme': [2.5, 3.5]}}
    assert tables.with_interval(score) == '3.00 [2.50, 3.50]'
    assert tables.with_interval(score, 'fr10', 1) == '1.0'


def test_side_by_side_drops_what_nobody_has() -> None:
    html = tables.side_by_side({'a': {'x': '1', 'y': tables.DASH}, 'b': {'z': '<2>'}})
    assert '>x<' in html and '>z<' in html and '>y<' not in html
    assert '&lt;2&gt;' in html
    assert tables.side_by_side({'a': {'y': tables.DASH}}) == ''


def test_main_table(models: list[ScoredModel]) -> None:
    html = tables.main_table(models)
    assert tables.with_interval(models[0].summary['all']) in html
    assert '+0.00 [+0.00, +0.00]' in html


def test_every_face_is_in_the_slices(models: list[ScoredModel]) -> None:
    html = tables.slice_table(models)
    counts = [
        int(cells[2])
        for row in html.split('<tr')[2:]
        if (cells := _cells(row))[0].startswith('face')
    ]
    assert sum(counts) == 11  # one of twelve has no inter-ocular distance


def _cells(row: str) -> list[str]:
    return [part.split('</td>')[0] for part in row.split('<td>')[1:]]


def test_subsets_and_groups(models: list[ScoredModel]) -> None:
    assert 'source=helen' in tables.subset_table(models)
    assert 'inter_pupil' in tables.group_table(models, 'nme_by_normalizer')
    assert 'occluded' in tables.group_table(models, 'visibility')


def test_nothing_known_gives_nothing(results: Results) -> None:
    bare = dataclasses.replace(
        results,
        visibility=np.full((12, 68), 2),
        attributes={},
        **dict.fromkeys(('scores', 'scales', 'visible_scores')),
    )
    models = [score_model(bare, 'inter_ocular')]
    assert tables.subset_table(models) == ''
    assert tables.confidence_table(models) == ''
    assert tables.group_table(models, 'visibility') == ''
