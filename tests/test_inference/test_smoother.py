"""Each face has its own filter; a delay gives every face once, also those that are lost."""

from __future__ import annotations

import numpy as np
import pytest

from fanet_mmpose.errors import UserError
from fanet_mmpose.inference.face_landmarks import FaceLandmarks
from fanet_mmpose.inference.smoother import FaceSmoother

SHAPE = np.random.default_rng(0).uniform(0, 100, (5, 2))


def face(number: int, shift: float) -> FaceLandmarks:
    flat = np.full(5, 0.9)
    return FaceLandmarks(
        np.array([0, 0, 100.0, 100]), 0.9, SHAPE + shift, flat, flat, flat, 'mtfl5', number
    )


def middles(faces: list[FaceLandmarks]) -> dict[int, float]:
    return {one.track_id: float((one.points - SHAPE).mean()) for one in faces}


def test_none_leaves_the_points() -> None:
    smooth = FaceSmoother('none')
    (after,) = smooth([face(1, 7)], 0.0)
    assert np.array_equal(after.points, SHAPE + 7)


@pytest.mark.parametrize('name', ['one_euro', 'kalman', 'uncertainty'])
def test_faces_do_not_mix(name: str) -> None:
    smooth = FaceSmoother(name)
    for index in range(6):
        found = middles(smooth([face(1, 0), face(2, 500)], index / 25))
    assert found == pytest.approx({1: 0, 2: 500}, abs=1e-6)


def test_a_delay_gives_each_face_once_also_one_that_left() -> None:
    smooth = FaceSmoother('kalman', lag=2)
    frames = [[face(1, 0)], [face(1, 0), face(2, 300)], [face(2, 300)], [], [face(3, 0)]]
    given = [smooth(faces, index / 25) for index, faces in enumerate(frames)]
    given = [*given[2:], *smooth.finish()]
    assert given and [sorted(middles(faces)) for faces in given] == [[1], [1, 2], [2], [], [3]]
    assert middles(given[1]) == pytest.approx({1: 0, 2: 300}, abs=1e-6)


def test_a_missed_face_keeps_its_filter_and_a_forgotten_one_does_not() -> None:
    found = {}
    for name, missed in (('kept', [1]), ('forgotten', [])):
        smooth = FaceSmoother('one_euro')
        smooth([face(1, 0)], 0.0)
        smooth([], 0.04, missed)
        found[name] = middles(smooth([face(1, 10)], 0.08))[1]
    assert found['forgotten'] == pytest.approx(10)
    assert 0 < found['kept'] < 9.9


def test_wrong_names_and_standing_clocks_are_told() -> None:
    with pytest.raises(UserError, match='unknown filter'):
        FaceSmoother('mean')
    smooth = FaceSmoother('none')
    smooth([face(1, 0)], 2.0)
    with pytest.raises(UserError, match='times must rise'):
        smooth([], 1.9)


@pytest.mark.parametrize('name', ['one_euro', 'kalman', 'uncertainty'])
def test_a_face_without_extent_keeps_its_place(name: str) -> None:
    smooth, flat = FaceSmoother(name), np.full(5, 0.9)
    for index in range(3):
        one = FaceLandmarks(np.full(4, 7.0), 0.9, np.full((5, 2), 7.0), flat, flat, flat, 'm', 1)
        (found,) = smooth([one], index / 25)
        assert found.points == pytest.approx(one.points)


@pytest.mark.parametrize('name', ['kalman', 'uncertainty'])
def test_a_delay_outlives_a_face_that_shrinks_to_a_point(name: str) -> None:
    smooth, shrunk = FaceSmoother(name, lag=3), (4, 5, 9)
    given = []
    for index in range(12):
        one = face(1, 0)
        points = np.full((5, 2), 50.0) if index in shrunk else one.points
        given += smooth([one.changed(points=points)], index / 25)
    given += [found for frame in smooth.finish() for found in frame]
    assert len(given) == 12
    for index, found in enumerate(given):
        assert np.isfinite(found.points).all()
        if name == 'uncertainty':  # starts anew at the point, and keeps what was before
            expected = 50.0 if index in shrunk else SHAPE
            assert found.points == pytest.approx(np.broadcast_to(expected, (5, 2)), abs=0.5)
