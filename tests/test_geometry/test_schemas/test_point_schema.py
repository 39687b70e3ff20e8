"""Invariants of every named point set, and agreement with MMPose's own metainfo."""

from __future__ import annotations

import numpy as np
import pytest

from fanet_mmpose.errors import UserError
from fanet_mmpose.geometry.schemas import PARTS, PointSchema, get_schema, known_schemas, subset

POINTS = {
    'wflw98': 98,
    '300w68': 68,
    '300w51': 51,
    '300w49': 49,
    'cofw29': 29,
    'aflw19': 19,
    'lapa106': 106,
    'mtfl5': 5,
}


@pytest.fixture(params=sorted(POINTS))
def schema(request: pytest.FixtureRequest) -> PointSchema:
    return get_schema(request.param)


def test_all_known_are_listed_here() -> None:
    assert set(known_schemas()) >= set(POINTS)


def test_number_of_points(schema: PointSchema) -> None:
    assert schema.num_points == POINTS[schema.name]


def test_flip_is_an_involution(schema: PointSchema) -> None:
    flip = schema.flip_indices
    np.testing.assert_array_equal(flip[flip], np.arange(schema.num_points))


def test_flip_maps_skeleton_parts_and_eyes_onto_themselves(schema: PointSchema) -> None:
    flip = schema.flip_indices
    links = {frozenset(link) for link in schema.skeleton}
    assert {frozenset(flip[list(link)].tolist()) for link in schema.skeleton} == links
    for part, points in schema.parts.items():
        assert set(flip[list(points)]) == set(points), part
    for pair in (schema.eye_corners, schema.pupils):
        assert pair is not None
        assert set(flip[list(pair[0])]) == set(pair[1])


def test_parts_share_no_point_and_cover_all(schema: PointSchema) -> None:
    listed = [i for points in schema.parts.values() for i in points]
    assert sorted(listed) == list(range(schema.num_points))
    assert set(schema.parts) <= set(PARTS)


@pytest.mark.parametrize('name, inner', [('300w68', 51), ('wflw98', 65), ('mtfl5', 5)])
def test_inner_points(name: str, inner: int) -> None:
    assert len(get_schema(name).inner) == inner


@pytest.mark.parametrize(
    'name, file_name',
    [
        ('wflw98', 'wflw'),
        ('300w68', '300w'),
        ('cofw29', 'cofw'),
        ('aflw19', 'aflw'),
        ('lapa106', 'lapa'),
    ],
)
def test_metainfo_equals_mmpose(name: str, file_name: str) -> None:
    utils = pytest.importorskip('mmpose.datasets.datasets.utils')
    theirs = utils.parse_pose_metainfo({'from_file': f'configs/_base_/datasets/{file_name}.py'})
    ours = utils.parse_pose_metainfo(get_schema(name).to_metainfo())
    for key in ('dataset_name', 'num_keypoints', 'keypoint_id2name', 'flip_indices'):
        assert ours[key] == theirs[key], key
    np.testing.assert_array_equal(
        ours['dataset_keypoint_weights'], theirs['dataset_keypoint_weights']
    )


@pytest.mark.parametrize('name', ['300w68', 'wflw98', 'cofw29', 'lapa106'])
def test_eye_corners_equal_mmpose(name: str) -> None:
    metrics = pytest.importorskip('mmpose.evaluation.metrics')
    schema = get_schema(name)
    theirs = metrics.NME.DEFAULT_KEYPOINT_INDICES[schema.dataset_name]
    assert [point for group in schema.eye_corners for point in group] == theirs


def test_subset_renumbers() -> None:
    inner = get_schema('300w51')
    assert inner.eye_corners == ((19,), (28,))
    assert inner.point_names[0] == 'kpt-17'
    assert 'contour' not in inner.parts
    one_eye = subset(get_schema('mtfl5'), [0, 2], 'half')
    assert one_eye.eye_corners is None
    assert one_eye.flip_pairs == ()


@pytest.mark.parametrize(
    'fields, message',
    [
        ({'point_names': ()}, 'no points'),
        ({'point_names': ('a', 'a')}, 'repeat'),
        ({'flip_pairs': ((0, 2),)}, 'flip_pairs names point 2'),
        ({'flip_pairs': ((0, 1), (1, 0))}, 'two flip_pairs'),
        ({'skeleton': ((-1, 0),)}, 'skeleton'),
        ({'parts': {'ears': (0,)}}, 'unknown part'),
        ({'joint_weights': (1.0,)}, 'joint_weights'),
    ],
)
def test_wrong_schema_says_why(fields: dict, message: str) -> None:
    with pytest.raises(UserError, match=message):
        PointSchema(**{'name': 'bad', 'point_names': ('a', 'b'), **fields})
