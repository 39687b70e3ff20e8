"""The linear probe is least squares without bias, forward and backward."""

from __future__ import annotations

import numpy as np
import pytest

from fanet_mmpose.errors import UserError
from projects.discovery.linear_probe import (
    FaceSet,
    best_ridge,
    fit_linear,
    linear_errors,
    score,
)

RNG = np.random.default_rng(0)


def faces(count: int, noise: float = 0.0, seed: int = 0) -> FaceSet:
    """Annotated points that are a linear map of the discovered ones, plus noise."""
    rng = np.random.default_rng(seed)
    mixing = np.random.default_rng(7).normal(size=(12, 10))
    discovered = rng.uniform(0.2, 0.8, (count, 6, 2))
    annotated = (discovered.reshape(count, -1) @ mixing).reshape(count, 5, 2)
    annotated = annotated + noise * rng.normal(size=annotated.shape)
    return FaceSet(discovered, annotated, np.full(count, 0.5), ('a', 'b') * (count // 2))


def test_it_is_the_closed_form_of_least_squares() -> None:
    inputs, targets = RNG.normal(size=(50, 6)), RNG.normal(size=(50, 4))
    normal_equations = np.linalg.inv(inputs.T @ inputs) @ inputs.T @ targets
    np.testing.assert_allclose(fit_linear(inputs, targets), normal_equations, atol=1e-10)
    residual = targets - inputs @ fit_linear(inputs, targets)
    np.testing.assert_allclose(inputs.T @ residual, 0, atol=1e-9)  # the gradient vanishes


def test_ridge_is_least_squares_with_rows_added() -> None:
    inputs, targets = RNG.normal(size=(20, 6)), RNG.normal(size=(20, 4))
    weight = 0.1 * np.square(inputs).sum() / 6
    augmented = np.vstack([inputs, np.sqrt(weight) * np.eye(6)])
    expected = np.linalg.lstsq(augmented, np.vstack([targets, np.zeros((6, 4))]), rcond=None)[0]
    np.testing.assert_allclose(fit_linear(inputs, targets, 0.1), expected, atol=1e-10)


def test_there_is_no_bias() -> None:
    mapped = np.zeros((1, 6)) @ fit_linear(RNG.normal(size=(50, 6)), 3 + RNG.normal(size=(50, 4)))
    assert not mapped.any()


def test_one_face_is_fitted_exactly_by_the_shortest_map() -> None:
    inputs, targets = RNG.normal(size=(1, 6)), RNG.normal(size=(1, 4))
    fitted = fit_linear(inputs, targets)
    np.testing.assert_allclose(inputs @ fitted, targets, atol=1e-10)
    np.testing.assert_allclose(fitted, inputs.T @ targets / (inputs @ inputs.T), atol=1e-10)


def test_points_that_determine_the_others_have_no_error() -> None:
    result = score(faces(40), faces(30, seed=1), None)
    assert result.faces == 40
    assert result.forward_mean < 1e-6 and result.backward_mean > 1  # 12 numbers from 10


def test_errors_are_per_cent_of_the_eye_distance() -> None:
    small, large = faces(200, 0.01), faces(200, 0.01, seed=1)
    result = score(small, large, None)
    residual = linear_errors(
        np.concatenate([small.discovered, large.discovered]),
        np.concatenate([small.annotated, large.annotated]),
        np.arange(200),
    )[200:]
    assert result.forward_mean == pytest.approx(100 * residual.mean() / 0.5)
    # A Gaussian of 0.01 in both axes lies 0.0125 away on average.
    assert result.forward_mean == pytest.approx(100 * 0.0125 / 0.5, rel=0.1)
    assert result.forward_by_group.keys() == {'a', 'b'}
    assert result.forward_mean == pytest.approx(np.mean(list(result.forward_by_group.values())))


def test_the_draw_depends_on_the_seed_alone() -> None:
    fit, rest = faces(100, 0.1), faces(20, 0.1, seed=1)
    assert score(fit, rest, 10, seed=3) == score(fit, rest, 10, seed=3)
    assert score(fit, rest, 10, seed=3) != score(fit, rest, 10, seed=4)


def test_the_ridge_is_chosen_where_it_helps() -> None:
    fit, val = faces(100, 0.5), faces(50, 0.5, seed=1)
    assert best_ridge(fit, val, 8, range(3), (0.0, 1e-2)) == 1e-2
    assert best_ridge(faces(100), faces(50, seed=1), None, [0], (0.0, 1e-1)) == 0.0


def test_more_faces_than_there_are_is_refused() -> None:
    with pytest.raises(UserError, match='200 faces: there are 1 to 100'):
        score(faces(100), faces(20), 200)
    with pytest.raises(UserError, match='no face to be scored on'):
        nobody = FaceSet(np.zeros((0, 6, 2)), np.zeros((0, 5, 2)), np.zeros(0))
        score(faces(100), nobody, None)
