"""KCF follows the look of a box, and starts anew where the landmarks say so."""

from __future__ import annotations

import numpy as np
import pytest
from helpers.blob_model import picture_with_spots

from fanet_mmpose.geometry.boxes import max_iou
from fanet_mmpose.inference.trackers.kcf_tracker import KcfTracker


def box_at(x: float, y: float, half: float = 30) -> np.ndarray:
    return np.array([x - half, y - half, x + half, y + half])


@pytest.fixture
def tracker() -> KcfTracker:
    return KcfTracker(lambda frame: None)


def test_two_boxes_are_followed_each(tracker: KcfTracker) -> None:
    for index in range(6):
        centers = [(70.0 + 3 * index, 70), (220, 160.0 - 2 * index)]
        frame = picture_with_spots(centers)
        if not index:
            tracker.observe(frame, {4: box_at(*centers[0]), 9: box_at(*centers[1])})
            continue
        found = tracker.propose(frame)
        assert set(found) == {4, 9}
        for key, center in zip((4, 9), centers, strict=True):
            assert max_iou(found[key], [box_at(*center)]) > 0.7
        tracker.observe(frame, found)


def test_a_box_that_no_longer_fits_is_started_anew(tracker: KcfTracker) -> None:
    frame = picture_with_spots([(100.0, 100.0)])
    tracker.observe(frame, {1: box_at(100, 100)})
    tracker.propose(frame)
    tracker.observe(frame, {1: box_at(100, 100, half=50)})
    found = tracker.propose(frame)[1]
    assert found[2] - found[0] == pytest.approx(100, abs=2)


def test_what_is_not_observed_is_forgotten_and_frames_edges_are_kept(tracker: KcfTracker) -> None:
    frame = picture_with_spots([(5.0, 5.0)])
    tracker.observe(frame, {1: box_at(5, 5), 2: box_at(318, 238)})
    tracker.observe(frame, {1: box_at(5, 5)})
    assert set(tracker.propose(frame)) <= {1}
