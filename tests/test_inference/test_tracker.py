"""Faces are followed without the detector, kept apart, lost and found again."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from helpers.blob_model import picture_with_spots

from fanet_mmpose.errors import UserError
from fanet_mmpose.inference.landmarker import FaceLandmarker
from fanet_mmpose.inference.tracker import FaceTracker, TrackerOptions

PLAIN = TrackerOptions(filter='none', look_every=0)


def path(frames: int) -> list[tuple[float, float]]:
    return [(60 + 5.0 * i, 100 + 2.0 * i) for i in range(frames)]


def test_a_moving_face_keeps_its_number_and_the_detector_rests(landmarker: FaceLandmarker) -> None:
    tracker = FaceTracker(landmarker, PLAIN)
    for index, center in enumerate(path(30)):
        faces = tracker(picture_with_spots([center]), index / 30)
        assert [face.track_id for face in faces] == [1]
        assert faces[0].points.mean(0) == pytest.approx(center, abs=1)
    assert tracker.detections == landmarker.detector.calls == 1


@pytest.mark.parametrize(('remember', 'then'), [(2, 2), (3, 1)])
def test_a_lost_face_is_searched_and_remembered_for_a_while(
    landmarker: FaceLandmarker, remember: int, then: int
) -> None:
    tracker = FaceTracker(landmarker, replace(PLAIN, remember=remember))
    face, nothing = picture_with_spots([(100.0, 100.0)]), picture_with_spots([])
    numbers = [
        [found.track_id for found in tracker(frame, index / 30)]
        for index, frame in enumerate([face, face, nothing, nothing, face, face])
    ]
    assert numbers == [[1], [1], [], [], [then], [then]]
    assert tracker.detections == 4  # first frame, two empty ones, and the return


def test_two_faces_are_kept_apart_and_a_newcomer_is_seen(landmarker: FaceLandmarker) -> None:
    tracker = FaceTracker(landmarker, TrackerOptions(filter='none', look_every=3))
    for index in range(7):
        centers = [(70.0 + index, 70.0)] + [(230.0, 170.0)] * (index >= 1)
        faces = tracker(picture_with_spots(centers), index / 30)
    assert {face.track_id for face in faces} == {1, 2}
    assert faces[0].points.mean(0) == pytest.approx([76, 70], abs=1)
    assert faces[1].points.mean(0) == pytest.approx([230, 170], abs=1)
    assert tracker.detections == 3  # frames 0, 3 and 6


def test_a_face_elsewhere_is_not_the_one_remembered(landmarker: FaceLandmarker) -> None:
    tracker = FaceTracker(landmarker, PLAIN)
    centers = [[(60.0, 60.0)], [], [(240.0, 160.0)]]
    numbers = [tracker(picture_with_spots(c), i / 30) for i, c in enumerate(centers)]
    assert [[face.track_id for face in faces] for faces in numbers] == [[1], [], [2]]


def test_a_lag_gives_every_frame_once_and_late(landmarker: FaceLandmarker) -> None:
    now, late = FaceTracker(landmarker, PLAIN), FaceTracker(landmarker, TrackerOptions(lag=2))
    frames = [picture_with_spots([center]) for center in path(9)]
    rough = [now(frame, index / 30)[0] for index, frame in enumerate(frames)]
    given = [late(frame, index / 30) for index, frame in enumerate(frames)]
    assert given[:2] == [[], []]
    even = [*given[2:], *late.finish()]
    assert len(even) == 9
    for one, (other,) in zip(rough, even, strict=True):
        assert np.array_equal(one.box, other.box)
        assert other.points == pytest.approx(one.points, abs=3)


def test_a_clock_that_stands_is_refused(landmarker: FaceLandmarker) -> None:
    tracker = FaceTracker(landmarker)
    tracker(picture_with_spots([]), 1.0)
    with pytest.raises(UserError, match='times must rise'):
        tracker(picture_with_spots([]), 1.0)


def test_smoothing_moves_points_and_not_the_search(landmarker: FaceLandmarker) -> None:
    smoothed = TrackerOptions(filter='one_euro')
    plain, smooth = FaceTracker(landmarker, PLAIN), FaceTracker(landmarker, smoothed)
    for index, center in enumerate(path(10)):
        frame = picture_with_spots([center])
        (rough,), (even,) = plain(frame, index / 30), smooth(frame, index / 30)
        assert np.array_equal(rough.box, even.box)
    assert np.abs(rough.points - even.points).max() > 0.01


def test_two_numbers_on_one_face_become_the_older_one(landmarker: FaceLandmarker) -> None:
    tracker = FaceTracker(landmarker, PLAIN)
    for index, gap in enumerate((110, 80, 50, 25, 0, 0)):  # two faces meet; one hides the other
        centers = [(100.0, 100.0), (100.0 + gap, 100.0)]
        faces = tracker(picture_with_spots(centers, radius=8), index / 30)
    assert [face.track_id for face in faces] == [1]
