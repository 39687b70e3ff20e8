"""Paired comparison of two models."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from fanet_mmpose.evaluation.report.scored import paired_difference, score_model
from fanet_mmpose.evaluation.results import Results


def further(results: Results, factor: float) -> Results:
    predicted = results.truth + factor * (results.predicted - results.truth)
    return dataclasses.replace(results, predicted=predicted)


def test_difference_is_that_of_the_means(results: Results) -> None:
    first = score_model(results, 'inter_ocular')
    worse = score_model(further(results, 1.5), 'inter_ocular')
    mean, low, high = paired_difference(worse, first)
    assert mean == pytest.approx(0.5 * first.summary['all']['nme'])
    assert 0 < low < mean < high
    assert paired_difference(first, worse)[0] == pytest.approx(-mean)


def test_pairing_is_by_face_not_by_place(results: Results) -> None:
    order = np.random.default_rng(0).permutation(12)
    shuffled = dataclasses.replace(
        results,
        ids=[results.ids[i] for i in order],
        images=['elsewhere/' + results.images[i] for i in order],
        attributes={},
        **{
            name: getattr(results, name)[order]
            for name in ('predicted', 'truth', 'visibility', 'scores', 'scales', 'visible_scores')
        },
    )
    models = (score_model(each, 'inter_ocular') for each in (results, shuffled))
    np.testing.assert_allclose(paired_difference(*models), 0, atol=1e-12)


def test_no_common_face(results: Results) -> None:
    strangers = dataclasses.replace(results, ids=[f'x{i}' for i in results.ids])
    models = (score_model(each, 'inter_ocular') for each in (results, strangers))
    assert paired_difference(*models) is None
