"""Mean face, size and rough pose against faces whose pose is known."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from fanet_mmpose.evaluation.report.face_shape import (
    face_sizes,
    mean_face,
    rough_pose,
    slicings,
)
from fanet_mmpose.evaluation.results import Results
from fanet_mmpose.geometry.schemas import PointSchema, get_schema

# Five points in eye distances; the nose's tip NOSE_DEPTH before the eyes (z towards the viewer).
HEAD = np.array([[-0.5, 0, 0], [0.5, 0, 0], [0, 0.6, 0.54], [-0.4, 1.1, 0], [0.4, 1.1, 0]])


def head_from(yaw: float, roll: float, size: float = 100) -> np.ndarray:
    yaw, roll = np.radians([yaw, roll])
    turn = np.array([[np.cos(yaw), 0, np.sin(yaw)], [0, 1, 0], [-np.sin(yaw), 0, np.cos(yaw)]])
    tilt = np.array([[np.cos(roll), -np.sin(roll)], [np.sin(roll), np.cos(roll)]])
    return size * (HEAD @ turn.T)[:, :2] @ tilt.T + 300


def with_truth(results: Results, truth: np.ndarray, schema: PointSchema) -> Results:
    count = len(truth)
    return dataclasses.replace(
        results,
        schema=schema,
        ids=list(range(count)),
        images=[''] * count,
        truth=truth,
        predicted=truth + 1,
        visibility=np.full(truth.shape[:2], 2),
        **dict.fromkeys(('scores', 'scales', 'visible_scores', 'boxes', 'box_sizes')),
        attributes={},
    )


@pytest.mark.parametrize('yaw, roll', [(0, 0), (30, 0), (-40, 0), (0, 25), (20, -60)])
def test_pose_is_recovered(results: Results, yaw: float, roll: float) -> None:
    faces = with_truth(results, head_from(yaw, roll)[None], get_schema('mtfl5'))
    found_roll, found_yaw = rough_pose(faces)
    assert found_roll[0] == pytest.approx(roll)
    assert found_yaw[0] == pytest.approx(yaw)


def test_unlabelled_eye_has_no_pose(results: Results) -> None:
    faces = with_truth(results, head_from(10, 0)[None], get_schema('mtfl5'))
    faces.visibility[0, 1] = 0
    assert np.isnan(rough_pose(faces)).all()


def test_custom_schema_has_size_only(results: Results) -> None:
    schema = PointSchema('pair', ('a', 'b'))
    faces = with_truth(results, np.array([[[0.0, 0], [30, 70]]]), schema)
    assert rough_pose(faces) is None
    assert face_sizes(faces).tolist() == [70]
    assert [slicing.title[:9] for slicing in slicings(faces)] == ['face size']


def test_each_face_is_in_one_group(results: Results) -> None:
    truth = np.stack([head_from(y, r, s) for y, r, s in [(0, 0, 30), (40, 10, 90), (80, -50, 400)]])
    faces = with_truth(results, truth, get_schema('mtfl5'))
    for slicing in slicings(faces):
        np.testing.assert_array_equal(slicing.members.sum(axis=0), 1)
    yaw = slicings(faces)[2]
    assert yaw.members.argmax(axis=0).tolist() == [0, 2, 3]


def test_mean_face_undoes_position_size_and_tilt() -> None:
    faces = np.stack([head_from(0, 0), head_from(0, 70, 40) - 200, head_from(0, -20, 7)])
    mean = mean_face(faces, np.ones(faces.shape[:2], bool), get_schema('mtfl5'))
    np.testing.assert_allclose(mean, HEAD[:, :2], atol=1e-9)


def test_mean_face_ignores_unlabelled_points() -> None:
    faces = np.stack([head_from(0, 0)] * 2)
    labelled = np.ones((2, 5), bool)
    faces[1, 4], labelled[1, 4] = 1e6, False
    np.testing.assert_allclose(mean_face(faces, labelled, get_schema('mtfl5')), HEAD[:, :2])
    labelled[:, 3] = False
    assert np.isnan(mean_face(faces, labelled, get_schema('mtfl5'))[3]).all()


def test_mean_face_without_eye_corners() -> None:
    schema = PointSchema('pair', ('a', 'b'))
    mean = mean_face(np.array([[[10.0, 0], [30, 0]]]), np.ones((1, 2), bool), schema)
    np.testing.assert_allclose(mean, [[-0.5, 0], [0.5, 0]])
