"""The result is plain when asked, convertible, and drawn where it is."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from fanet_mmpose.errors import UserError
from fanet_mmpose.inference.face_landmarks import FaceLandmarks


@pytest.fixture
def face() -> FaceLandmarks:
    rng = np.random.default_rng(0)
    return FaceLandmarks(
        box=np.array([20.0, 10, 80, 70]),
        score=0.8,
        points=rng.uniform(20, 70, (68, 2)),
        scores=rng.uniform(0.5, 1, 68).astype(np.float32),
        visibility=rng.uniform(0, 1, 68).astype(np.float32),
        scales=np.ones(68, np.float32),
        schema='300w68',
        track_id=3,
    )


def test_it_becomes_json(face: FaceLandmarks) -> None:
    plain = json.loads(json.dumps(face.to_dict()))
    assert plain['track_id'] == 3
    assert plain['points'] == face.points.round(3).tolist()
    assert len(plain['scores']) == len(plain['visibility']) == len(plain['scales']) == 68


def test_it_comes_back_from_a_file_of_results(face: FaceLandmarks) -> None:
    plain = json.loads(json.dumps(face.with_applications(['pose']).to_dict()))
    back = FaceLandmarks.from_dict(plain)
    assert back.to_dict() == face.to_dict()
    assert np.allclose(back.align().matrix, face.align().matrix, atol=0.01)
    with pytest.raises(UserError, match="is none \\(KeyError\\('points'\\)\\)"):
        FaceLandmarks.from_dict({'box': [1, 2, 3, 4]})
    with pytest.raises(UserError, match='"points" has shape \\[67, 2\\], 300w68 needs \\[68, 2\\]'):
        FaceLandmarks.from_dict({**plain, 'points': plain['points'][1:]})
    with pytest.raises(UserError, match='unknown point schema'):
        FaceLandmarks.from_dict({**plain, 'schema': 'nix'})
    for wrong in (None, [], 'face'):
        with pytest.raises(UserError, match='is none'):
            FaceLandmarks.from_dict(wrong)


def test_conversion_keeps_points_and_their_scores_together(face: FaceLandmarks) -> None:
    inner = face.convert('51')
    assert inner.schema == '300w51'
    assert np.allclose(inner.points, face.points[17:])
    assert np.allclose(inner.scores, face.scores[17:])
    five = face.convert('5')
    assert five.points.shape == (5, 2)
    assert five.scores[0] == pytest.approx(face.scores[36:42].mean(), rel=1e-5)
    assert face.convert('68').points is not face.points
    assert np.allclose(face.convert('300w68').points, face.points)


def test_unknown_conversions(face: FaceLandmarks) -> None:
    with pytest.raises(UserError, match='unknown point schema'):
        face.convert('17')
    with pytest.raises(UserError, match='no conversion'):
        face.convert('98')


def test_it_is_drawn_where_it_is_and_the_picture_stays(face: FaceLandmarks) -> None:
    image = np.zeros((100, 100, 3), np.uint8)
    drawn = face.draw(image)
    assert not image.any()
    rows, columns = np.nonzero(drawn.any(-1))
    assert rows.min() >= 8 and rows.max() <= 73
    assert columns.min() >= 17 and columns.max() <= 83
    x, y = face.points[30].round().astype(int)
    assert drawn[y - 1 : y + 2, x - 1 : x + 2].any()


def test_it_is_frozen(face: FaceLandmarks) -> None:
    with pytest.raises(AttributeError):
        face.score = 1.0  # type: ignore[misc]


@pytest.mark.parametrize('shape', [(100, 100), (100, 100, 1), (100, 100, 4)])
def test_it_is_drawn_on_every_kind_of_picture(face: FaceLandmarks, shape: tuple[int, ...]) -> None:
    drawn = face.draw(np.zeros(shape, np.uint16))
    assert drawn.shape == (100, 100, 3) and drawn.dtype == np.uint8
    assert np.array_equal(drawn, face.draw(np.zeros((100, 100, 3), np.uint8)))


def test_changed_fields_are_those_of_replace(face: FaceLandmarks) -> None:
    points = face.points + 1
    ours, plain = face.changed(points=points, track_id=9), replace(face, points=points, track_id=9)
    assert vars(ours) == vars(plain) and type(ours) is type(plain)
    assert face.track_id == 3 and face.points is not points
    with pytest.raises(TypeError, match='a face has no point'):
        face.changed(point=points)
