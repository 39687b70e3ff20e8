"""What one point set knows of another."""

from __future__ import annotations

import json

import numpy as np
import pytest

from fanet_mmpose.errors import UserError
from fanet_mmpose.geometry.schemas import (
    convert,
    get_schema,
    schema_from_fields,
    schema_to_fields,
    shared_points,
)
from fanet_mmpose.geometry.schemas.point_schema import PointSchema

OWN = {
    'name': 'own4',
    'points': ['left_eye', 'nose', 'scar', 'right_eye'],
    'flip_pairs': [[0, 3]],
    'sources': {'300w68': {'left_eye': [36, 39], 'nose': 30, 3: [42, 45]}},
}


def faces(count: int) -> np.ndarray:
    return np.random.default_rng(0).normal(size=(2, count, 2)) * 50


def test_stated_points_are_the_means_and_the_rest_is_nan() -> None:
    points = faces(68)
    shared = shared_points(get_schema('300w68'), schema_from_fields(OWN, 'own.yml'))
    assert shared.known.tolist() == [True, True, False, True]
    found = shared(points)
    np.testing.assert_allclose(found[:, 0], points[:, [36, 39]].mean(1))
    np.testing.assert_allclose(found[:, 1], points[:, 30])
    assert np.isnan(found[:, 2]).all()


def test_a_set_that_converts_to_a_stated_one_gives_the_same_points() -> None:
    points = faces(98)
    own = schema_from_fields(OWN, 'own.yml')
    direct = shared_points(get_schema('300w68'), own)(convert(points, 'wflw98', '300w68'))
    np.testing.assert_allclose(shared_points(get_schema('wflw98'), own)(points), direct)


def test_known_sets_go_by_their_conversion_and_a_set_by_itself() -> None:
    points = faces(68)
    source = get_schema('300w68')
    np.testing.assert_allclose(
        shared_points(source, get_schema('mtfl5'))(points), convert(points, '300w68', 'mtfl5')
    )
    np.testing.assert_array_equal(shared_points(source, source)(points), points)


def test_nothing_in_common_names_the_field() -> None:
    with pytest.raises(UserError, match=r'ears: nothing says .* 300w68 .*"sources"'):
        shared_points(get_schema('300w68'), PointSchema('ears', ('left', 'right')))


def test_sources_survive_the_metadata_of_a_model() -> None:
    own = schema_from_fields(OWN, 'own.yml')
    stored = json.loads(json.dumps(schema_to_fields(own)))
    assert schema_from_fields(stored, 'model') == own


@pytest.mark.parametrize(
    ('sources', 'message'),
    [
        ({'300w68': {'nose': 68}}, '300w68 has the points 0 to 67'),
        ({'300w68': {'chin': 8}}, "'chin' is not in"),
        ({'300w68': {9: 8}}, 'names point 9'),
        ({'300w99': {'nose': 8}}, "unknown point schema '300w99'"),
        ({'300w68': [1, 2]}, 'wrong form'),
    ],
)
def test_wrong_sources_name_file_and_entry(sources: dict, message: str) -> None:
    with pytest.raises(UserError, match=f'own.yml: .*{message}'):
        schema_from_fields({**OWN, 'sources': sources}, 'own.yml')


def test_a_conversion_is_read_backwards_where_it_takes_points_as_they_are() -> None:
    points = faces(98)
    shared = shared_points(get_schema('300w68'), get_schema('wflw98'))
    found = shared(convert(points, 'wflw98', '300w68'))
    assert shared.known.sum() == 68
    np.testing.assert_allclose(found[:, shared.known], points[:, shared.known])
