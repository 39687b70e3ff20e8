"""Error formulas against values worked out by hand and against invariants."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from fanet_mmpose.errors import UserError
from fanet_mmpose.geometry import nme
from fanet_mmpose.geometry.schemas import PointSchema, get_schema

MTFL = get_schema('mtfl5')
# Eyes 40 px apart, box 40 x 30.
FACE = np.array([[[10, 10], [50, 10], [30, 25], [15, 40], [45, 40]]], float)
ALL = np.ones((1, 5), bool)

error_arrays = hnp.arrays(float, st.integers(1, 30), elements=st.floats(0, 0.3))


def test_point_errors_by_hand() -> None:
    predicted = FACE + [3, 4]
    labelled = ALL.copy()
    labelled[0, 2] = False
    errors = nme.point_errors(predicted, FACE, labelled)
    np.testing.assert_allclose(errors, [[5, 5, np.nan, 5, 5]])


def test_face_not_found_is_an_infinite_error() -> None:
    errors = nme.point_errors(np.full_like(FACE, np.nan), FACE, ALL)
    assert np.isinf(errors).all()
    assert nme.failure_rate(nme.face_errors(errors, np.array([40.0])), 0.1) == 1


@pytest.mark.parametrize(
    'normalizer, expected',
    [
        ('inter_ocular', 40),
        ('inter_pupil', 40),
        ('box_diagonal', 50),
        ('box_sqrt_area', math.sqrt(1200)),
        ('box_longer_side', 40),
        ('box_size', 77),
    ],
)
def test_normalizers_by_hand(normalizer: str, expected: float) -> None:
    factors = nme.normalization_factors(normalizer, MTFL, FACE, ALL, box_sizes=np.array([77.0]))
    np.testing.assert_allclose(factors, [expected])


def test_given_box_replaces_the_points_box() -> None:
    boxes = np.array([[0, 0, 6, 8.0]])
    factors = nme.normalization_factors('box_diagonal', MTFL, FACE, ALL, boxes=boxes)
    np.testing.assert_allclose(factors, [10])


def test_pupil_of_68_points_is_the_mean_of_the_eye() -> None:
    points = np.zeros((1, 68, 2))
    points[0, 36:42] = [10, 0]
    points[0, 36] = [4, 6]
    points[0, 42:48] = [50, 1]
    factors = nme.normalization_factors(
        'inter_pupil', get_schema('300w68'), points, np.ones((1, 68), bool)
    )
    np.testing.assert_allclose(factors, [41])


def test_unlabelled_eye_leaves_no_factor() -> None:
    labelled = ALL.copy()
    labelled[0, 0] = False
    factors = nme.normalization_factors('inter_ocular', MTFL, FACE, labelled)
    assert np.isnan(factors).all()


def test_zero_distance_leaves_no_factor() -> None:
    factors = nme.normalization_factors('inter_ocular', MTFL, np.zeros_like(FACE), ALL)
    assert np.isnan(factors).all()


@pytest.mark.parametrize(
    'normalizer, message',
    [('iris', 'unknown normalizer'), ('box_size', '"box_size"'), ('inter_pupil', 'no points')],
)
def test_impossible_normalizer(normalizer: str, message: str) -> None:
    schema = PointSchema('five', ('a', 'b', 'c', 'd', 'e'))
    with pytest.raises(UserError, match=message):
        nme.normalization_factors(normalizer, schema, FACE, ALL)


def test_statistics_by_hand() -> None:
    faces = np.array([0.02, 0.04, 0.06, 0.12])
    assert nme.mean_error(faces) == pytest.approx(0.06)
    assert nme.failure_rate(faces, 0.10) == 0.25
    # (0.08 + 0.06 + 0.04 + 0) / 4 / 0.10
    assert nme.ced_area(faces, 0.10) == pytest.approx(0.45)
    assert nme.error_percentiles(faces, (50, 100)) == pytest.approx({50: 0.05, 100: 0.12})


def test_threshold_itself_is_no_failure() -> None:
    assert nme.failure_rate(np.array([0.1, 0.2]), 0.1) == 0.5


def test_mean_over_faces_and_over_points_differ_with_absent_points() -> None:
    errors = np.array([[1, 1, 1, 1], [3, np.nan, np.nan, np.nan]])
    factors = np.array([10.0, 10.0])
    assert nme.mean_error(nme.face_errors(errors, factors)) == pytest.approx(0.2)
    assert nme.mean_error_over_points(errors, factors) == pytest.approx(0.14)


def test_missed_face_counts_in_rates_only() -> None:
    faces = np.array([0.04, np.inf, np.nan])
    assert nme.mean_error(faces) == pytest.approx(0.04)
    assert nme.failure_rate(faces, 0.08) == 0.5
    assert nme.ced_area(faces, 0.08) == pytest.approx(0.25)
    assert nme.error_percentiles(faces, (50, 90)) == {50: np.inf, 90: np.inf}


def test_nothing_gives_nan() -> None:
    none = np.full(3, np.nan)
    assert np.isnan(nme.mean_error(none))
    assert np.isnan(nme.failure_rate(none, 0.1))
    assert np.isnan(nme.ced_area(none, 0.1))
    assert np.isnan(nme.error_percentiles(none, (50,))[50])


@settings(deadline=None, derandomize=True)
@given(error_arrays, st.sampled_from([0.07, 0.08, 0.10]))
def test_area_is_the_integral_of_the_steps(faces: np.ndarray, threshold: float) -> None:
    values, shares = nme.cumulative_errors(faces)
    inside = values < threshold
    edges = np.append(values[inside], threshold)
    integral = (np.diff(edges) * shares[inside]).sum() / threshold
    assert nme.ced_area(faces, threshold) == pytest.approx(integral, abs=1e-9)


@settings(deadline=None, derandomize=True)
@given(
    st.floats(0.1, 10),
    st.floats(-np.pi, np.pi),
    hnp.arrays(float, (2,), elements=st.floats(-100, 100)),
)
def test_nme_ignores_scale_rotation_and_shift(
    scale: float, angle: float, shift: np.ndarray
) -> None:
    noise = np.random.default_rng(0).normal(size=FACE.shape)
    turn = scale * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])

    def score(truth: np.ndarray, predicted: np.ndarray) -> float:
        factors = nme.normalization_factors('inter_ocular', MTFL, truth, ALL)
        return nme.face_errors(nme.point_errors(predicted, truth, ALL), factors)[0]

    moved = score(FACE @ turn.T + shift, (FACE + noise) @ turn.T + shift)
    assert moved == pytest.approx(score(FACE, FACE + noise))


def test_interval_holds_the_mean_and_shrinks_with_more_faces() -> None:
    rng = np.random.default_rng(1)
    few, many = rng.gamma(4, 0.01, (50, 1)), rng.gamma(4, 0.01, (5000, 1))
    (low, high), (low_many, high_many) = (
        nme.bootstrap_intervals(values)[0] for values in (few, many)
    )
    assert low < few.mean() < high
    assert 5 < (high - low) / (high_many - low_many) < 20
    # The normal approximation of the mean's interval.
    expected = 2 * 1.96 * many.std() / np.sqrt(len(many))
    assert high_many - low_many == pytest.approx(expected, rel=0.1)


def test_bootstrap_is_seeded_and_paired() -> None:
    values = np.random.default_rng(2).random((40, 1))
    columns = np.hstack([values, values + 1])
    means = nme.bootstrap_means(columns, seed=3)
    np.testing.assert_allclose(means[:, 1] - means[:, 0], 1)
    np.testing.assert_array_equal(means, nme.bootstrap_means(columns, seed=3))


def test_bootstrap_skips_nan() -> None:
    columns = np.array([[1.0, np.nan], [1.0, 2.0], [1.0, 2.0]])
    np.testing.assert_allclose(nme.bootstrap_intervals(columns), [[1, 1], [2, 2]])


@pytest.mark.parametrize(('name', 'expected'), [('300w68', 'inter_ocular'), ('mtfl5', None)])
def test_default_normalizer_has_its_points(name: str, expected: str | None) -> None:
    schema = get_schema(name)
    chosen = nme.default_normalizer(schema)
    assert expected in (None, chosen)
    truth = np.random.default_rng(0).uniform(0, 99, (2, schema.num_points, 2))
    factors = nme.normalization_factors(chosen, schema, truth, np.ones(truth.shape[:2], bool))
    assert np.isfinite(factors).all()


def test_points_without_eyes_are_normalized_by_their_box() -> None:
    blind = replace(get_schema('mtfl5'), eye_corners=None, pupils=None)
    assert nme.default_normalizer(blind) == 'box_diagonal'
