"""The summary against hand-made numbers, and what each subset selects."""

from __future__ import annotations

import dataclasses
import json

import numpy as np
import pytest

from fanet_mmpose.errors import UserError
from fanet_mmpose.evaluation.protocol import Protocol
from fanet_mmpose.evaluation.results import Results
from fanet_mmpose.evaluation.summary import attribute_subsets, score_faces, summarize
from fanet_mmpose.geometry.schemas import get_schema


def shifted_faces() -> Results:
    """Five-point faces with eyes 100 px apart, all points off by 2, 4, 6 and 12 px."""
    truth = np.tile([[0.0, 0], [100, 0], [50, 60], [20, 100], [80, 100]], (4, 1, 1))
    return Results(
        model='shifted',
        dataset='four faces',
        schema=get_schema('mtfl5'),
        protocol=Protocol(),
        ids=[1, 2, 3, 4],
        images=['a', 'b', 'c', 'd'],
        predicted=truth + np.array([2.0, 4, 6, 12])[:, None, None] * [1, 0],
        truth=truth,
        visibility=np.full((4, 5), 2),
        attributes={'hat': [0, 0, 1, 1]},
    )


def test_by_hand() -> None:
    summary = summarize(shifted_faces())
    score = summary['all']
    assert score['nme'] == pytest.approx(6)
    assert score['fr'] == {'7': 25, '8': 25, '10': 25}
    assert score['auc']['10'] == pytest.approx(0.45)
    assert score['percentiles']['50'] == pytest.approx(5)
    assert summary['nme_over_points'] == pytest.approx(6)
    assert summary['points'] == pytest.approx([6] * 5)
    assert summary['parts'] == pytest.approx({'eyes': 6, 'nose': 6, 'mouth': 6})
    assert summary['subsets']['hat']['nme'] == pytest.approx(9)
    assert summary['subsets']['hat']['faces'] == 2
    assert summary['nme_by_normalizer'] == pytest.approx(
        {
            'inter_ocular': 6,
            'inter_pupil': 6,
            'box_diagonal': 6 / np.sqrt(2),
            'box_sqrt_area': 6,
            'box_longer_side': 6,
        }
    )
    low, high = score['interval']['nme']
    assert 2 <= low < 6 < high <= 12


def test_counts_missed_and_unscored(results: Results) -> None:
    summary = summarize(results)
    assert (summary['faces'], summary['missed'], summary['unscored']) == (12, 1, 1)
    assert summary['all']['faces'] == 11
    assert summary['all']['fr']['10'] >= 100 / 11
    assert np.isfinite(summary['all']['nme'])


def test_inner_leaves_the_contour_out(results: Results) -> None:
    moved = results.predicted.copy()
    moved[:, :17] += 50
    worse = dataclasses.replace(results, predicted=moved)
    assert summarize(worse)['inner'] == pytest.approx(summarize(results)['inner'])
    assert summarize(worse)['parts']['contour'] > summarize(results)['parts']['contour']


def test_occluded_only_where_both_kinds_are_marked(results: Results) -> None:
    assert set(summarize(results)['visibility']) == {'visible', 'occluded'}
    all_one = dataclasses.replace(results, visibility=np.ones((12, 68), int))
    assert summarize(all_one)['visibility'] == {}


def test_subsets(results: Results) -> None:
    named = {'hard': {'source': ['ibug'], 'blur': 1}}
    subsets = summarize(results, subsets=named)['subsets']
    assert set(subsets) == {'hard', 'blur', 'source=helen', 'source=ibug'}
    assert subsets['source=ibug']['faces'] == 5
    assert subsets['hard']['faces'] == 3


def test_subset_of_nothing_has_no_interval(results: Results) -> None:
    subset = summarize(results, subsets={'none': {'source': 'mars'}})['subsets']['none']
    assert subset['faces'] == 0
    assert subset['interval'] == {}


def test_unknown_attribute_is_named(results: Results) -> None:
    with pytest.raises(UserError, match="'pose'.*blur"):
        summarize(results, subsets={'pose': {'pose': 1}})


@pytest.mark.parametrize(
    'values, names',
    [
        ([0, 1, 1, 1], ['a']),
        ([True, False, None, None], ['a']),
        (['x', 'y', 'x', 'y'], ['a=x', 'a=y']),
        ([1, 2, 3] * 2, ['a=1', 'a=2', 'a=3']),
        ([5, 5, 5, 5], []),
        (['ann', 'bob', 'eve', 'dan'], []),
        ([0.25, 1.5, 2.0], []),
        (list(range(50)) * 2, []),
    ],
)
def test_attribute_subsets(values: list, names: list[str]) -> None:
    assert [name for name, _ in attribute_subsets('a', values)] == names


def test_interval_of_rates_holds_the_rate() -> None:
    faces = np.random.default_rng(0).gamma(4, 0.02, 300)
    score = score_faces(faces)
    for percent in ('7', '8', '10'):
        low, high = score['interval'][f'fr{percent}']
        assert low <= score['fr'][percent] <= high
        low, high = score['interval'][f'auc{percent}']
        assert low <= score['auc'][percent] <= high


def test_no_face_is_an_error() -> None:
    empty = Results(
        model='none',
        dataset='none',
        schema=get_schema('mtfl5'),
        protocol=Protocol(),
        ids=[],
        images=[],
        predicted=np.empty((0, 5, 2)),
        truth=np.empty((0, 5, 2)),
        visibility=np.empty((0, 5)),
    )
    with pytest.raises(UserError, match='no faces'):
        summarize(empty)


def test_normalizer_that_the_data_lack() -> None:
    with pytest.raises(UserError, match='box_size'):
        summarize(shifted_faces(), 'box_size')


def test_summary_is_plain(results: Results) -> None:
    json.dumps(summarize(results))
