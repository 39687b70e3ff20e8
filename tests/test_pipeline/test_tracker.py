"""Faces are followed without the detector, kept apart, lost and found again."""

from __future__ import annotations

import numpy as np
import pytest
from helpers.blob_model import picture_with_spots

from fanet_mmpose.pipeline.landmarker import FaceLandmarker
from fanet_mmpose.pipeline.tracker import FaceTracker, TrackerOptions

PLAIN = TrackerOptions(smooth=False, look_every=0)


def path(frames: int) -> list[tuple[float, float]]:
    return [(60 + 5.0 * i, 100 + 2.0 * i) for i in range(frames)]


def test_a_moving_face_keeps_its_number_and_the_detector_rests(landmarker: FaceLandmarker) -> None:
    tracker = FaceTracker(landmarker, PLAIN)
    for index, center in enumerate(path(30)):
        faces = tracker(picture_with_spots([center]), index / 30)
        assert [face.track_id for face in faces] == [1]
        assert faces[0].points.mean(0) == pytest.approx(center, abs=1)
    assert tracker.detections == landmarker.detector.calls == 1


def test_a_lost_face_is_searched_and_gets_a_new_number(landmarker: FaceLandmarker) -> None:
    tracker = FaceTracker(landmarker, PLAIN)
    face, nothing = picture_with_spots([(100.0, 100.0)]), picture_with_spots([])
    numbers = [
        [found.track_id for found in tracker(frame, index / 30)]
        for index, frame in enumerate([face, face, nothing, nothing, face, face])
    ]
    assert numbers == [[1], [1], [], [], [2], [2]]
    assert tracker.detections == 4  # first frame, two empty ones, and the return


def test_two_faces_are_kept_apart_and_a_newcomer_is_seen(landmarker: FaceLandmarker) -> None:
    tracker = FaceTracker(landmarker, TrackerOptions(smooth=False, look_every=3))
    for index in range(7):
        centers = [(70.0 + index, 70.0)] + [(230.0, 170.0)] * (index >= 1)
        faces = tracker(picture_with_spots(centers), index / 30)
    assert {face.track_id for face in faces} == {1, 2}
    assert faces[0].points.mean(0) == pytest.approx([76, 70], abs=1)
    assert faces[1].points.mean(0) == pytest.approx([230, 170], abs=1)
    assert tracker.detections == 3  # frames 0, 3 and 6


def test_smoothing_moves_points_and_not_the_search(landmarker: FaceLandmarker) -> None:
    plain, smooth = FaceTracker(landmarker, PLAIN), FaceTracker(landmarker)
    for index, center in enumerate(path(10)):
        frame = picture_with_spots([center])
        (rough,), (even,) = plain(frame, index / 30), smooth(frame, index / 30)
        assert np.array_equal(rough.box, even.box)
    assert np.abs(rough.points - even.points).max() > 0.01
