"""Calibration of confidence, on errors drawn from the very distribution that is claimed."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from fanet_mmpose.evaluation.calibration import average_precision, calibrate, kept_errors
from fanet_mmpose.evaluation.protocol import Protocol
from fanet_mmpose.evaluation.results import Results
from fanet_mmpose.geometry.schemas import get_schema


def laplace_results(claimed: float = 1.0, count: int = 400) -> Results:
    """Errors of Laplace scale 0.5 to 4 px; the model claims `claimed` times that scale."""
    rng = np.random.default_rng(0)
    schema = get_schema('300w68')
    truth = rng.uniform(0, 200, (count, 68, 2))
    truth[:, 36], truth[:, 45] = [0, 0], [100, 0]
    scales = rng.uniform(0.5, 4, (count, 68))
    return Results(
        model='laplace',
        dataset='drawn',
        schema=schema,
        protocol=Protocol(),
        ids=list(range(count)),
        images=[''] * count,
        predicted=truth + rng.laplace(0, scales[..., None], truth.shape),
        truth=truth,
        visibility=np.full((count, 68), 2),
        scores=1 / (1 + scales),
        scales=claimed * scales,
    )


def test_right_scales_are_calibrated() -> None:
    facts = calibrate(laplace_results())
    assert facts.scale_factor == pytest.approx(1, abs=0.02)
    assert facts.coverage_error < 0.01
    np.testing.assert_allclose(facts.bin_observed, facts.bin_predicted, rtol=0.06)
    assert facts.spearman_scale > 0.4
    assert facts.spearman_score == pytest.approx(-facts.spearman_scale)


@pytest.mark.parametrize('claimed, factor', [(0.5, 2), (2, 0.5)])
def test_wrong_scales_show(claimed: float, factor: float) -> None:
    facts = calibrate(laplace_results(claimed))
    assert facts.scale_factor == pytest.approx(factor, rel=0.03)
    assert facts.coverage_error > 0.1
    # Confident: too few errors inside; timid: too many.
    assert (facts.coverage[9] < 0.5) == (claimed < 1)


def test_scales_do_not_depend_on_the_normaliser() -> None:
    results = laplace_results()
    by_box = calibrate(results, 'box_diagonal')
    assert by_box.scale_factor == pytest.approx(calibrate(results).scale_factor)


def test_dropping_unsure_points_helps() -> None:
    kept = calibrate(laplace_results()).kept_error
    assert kept['100%'] > kept['90%'] > kept['80%'] > kept['50%']


def test_kept_errors_by_hand() -> None:
    scores = np.array([0.9, 0.1, 0.5, 0.8])
    errors = np.array([1.0, 10, 3, 2])
    assert kept_errors(scores, errors) == {'100%': 4, '90%': 4, '80%': 2, '50%': 1.5}


def test_average_precision_by_hand() -> None:
    positive = np.array([True, False, True, False])
    assert average_precision(np.array([4, 3, 2, 1]), positive) == pytest.approx((1 + 2 / 3) / 2)
    assert average_precision(np.array([4, 1, 3, 2]), positive) == 1
    # All scores equal: precision is the share of positives, whatever their order.
    assert average_precision(np.zeros(4), positive) == 0.5
    assert np.isnan(average_precision(np.zeros(4), np.zeros(4, bool)))


def test_visibility(results: Results) -> None:
    hidden = results.visibility == 1
    knowing = dataclasses.replace(results, visible_scores=np.where(hidden, 0.2, 0.8))
    facts = calibrate(knowing)
    assert facts.visible_ap == 1
    assert facts.occluded_ap == 1
    blind = dataclasses.replace(results, visible_scores=np.full(hidden.shape, 0.7))
    assert calibrate(blind).occluded_ap == pytest.approx(calibrate(blind).occluded_share)


def test_absent_and_missed_points_do_not_count(results: Results) -> None:
    broken = results.predicted.copy()
    broken[0, :17] = 1e6  # no label there
    assert calibrate(dataclasses.replace(results, predicted=broken)) == calibrate(results)


def test_models_without_confidence(results: Results) -> None:
    bare = dataclasses.replace(results, scores=None, scales=None, visible_scores=None)
    assert set(calibrate(bare).to_dict().values()) == {None}


def test_constant_confidence_has_no_rank(results: Results) -> None:
    constant = dataclasses.replace(results, scores=np.ones_like(results.scores))
    assert calibrate(constant).spearman_score is None
