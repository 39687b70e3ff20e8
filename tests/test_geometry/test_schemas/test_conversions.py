"""Conversions keep faces' geometry: they commute with mirroring, moving and scaling."""

from __future__ import annotations

import numpy as np
import pytest

from fanet_mmpose.errors import UserError
from fanet_mmpose.geometry.schemas import (
    convert,
    get_conversion,
    get_schema,
    known_conversions,
)

PAIRS = known_conversions()


def random_points(name: str) -> np.ndarray:
    return np.random.default_rng(0).normal(size=(3, get_schema(name).num_points, 2)) * 50


def mirror(points: np.ndarray, name: str) -> np.ndarray:
    return (points * [-1, 1] + [255, 0])[:, get_schema(name).flip_indices]


@pytest.mark.parametrize('source, target', PAIRS)
def test_commutes_with_flip(source: str, target: str) -> None:
    points = random_points(source)
    np.testing.assert_allclose(
        convert(mirror(points, source), source, target),
        mirror(convert(points, source, target), target),
    )


@pytest.mark.parametrize('source, target', PAIRS)
def test_every_target_point_is_a_mean(source: str, target: str) -> None:
    weights = get_conversion(source, target).weights
    assert weights.shape == (get_schema(target).num_points, get_schema(source).num_points)
    np.testing.assert_allclose(weights.sum(axis=1), 1)
    assert (weights >= 0).all()


@pytest.mark.parametrize('source, target', PAIRS)
def test_parts_stay_parts(source: str, target: str) -> None:
    weights = get_conversion(source, target).weights
    for part, points in get_schema(target).parts.items():
        used = set(np.flatnonzero(weights[list(points)].any(axis=0)))
        assert used <= set(get_schema(source).parts[part]), part


@pytest.mark.parametrize('target', ['300w49', '300w51', 'mtfl5'])
def test_98_through_68_is_the_same(target: str) -> None:
    points = random_points('wflw98')
    through = convert(convert(points, 'wflw98', '300w68'), '300w68', target)
    np.testing.assert_allclose(convert(points, 'wflw98', target), through)
    assert get_conversion('wflw98', target).exact


def test_98_to_68_known_points() -> None:
    points = np.arange(98.0)[:, None].repeat(2, axis=1)
    converted = convert(points, 'wflw98', '300w68')[:, 0]
    expected = {0: 0, 8: 16, 16: 32, 17: 33, 21: 37, 26: 46, 30: 54, 36: 60, 37: 61, 38: 63}
    expected |= {39: 64, 41: 67, 45: 72, 48: 76, 60: 88, 67: 95}
    assert {i: converted[i] for i in expected} == expected


def test_approximate_is_marked() -> None:
    assert not get_conversion('wflw98', 'cofw29').exact
    assert not get_conversion('lapa106', '300w51').exact


def test_same_schema_is_identity() -> None:
    points = random_points('cofw29')
    np.testing.assert_array_equal(convert(points, 'cofw29', 'cofw29'), points)


def test_dtype_is_kept() -> None:
    points = random_points('wflw98').astype(np.float32)
    assert convert(points, 'wflw98', '300w68').dtype == np.float32


def test_impossible_conversion() -> None:
    with pytest.raises(UserError, match='no conversion mtfl5→wflw98'):
        convert(random_points('mtfl5'), 'mtfl5', 'wflw98')
    with pytest.raises(UserError, match='unknown point schema'):
        convert(random_points('mtfl5'), 'mtfl5', 'dlib')
    with pytest.raises(UserError, match='98 points'):
        convert(random_points('mtfl5'), 'wflw98', '300w68')
