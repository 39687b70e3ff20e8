"""MMDetection's trackers keep two faces apart and bring a lost one back."""

from __future__ import annotations

import numpy as np
import pytest

from fanet_mmpose.inference.detectors import Detections
from fanet_mmpose.inference.trackers import build_tracker

pytest.importorskip('mmdet', reason='MMDetection has these trackers')
FRAME = np.zeros((240, 320, 3), np.uint8)


def two_faces(index: int) -> np.ndarray:
    """Boxes [2, 4] that pass each other at a distance."""
    left = np.array([20.0 + 4 * index, 30, 80 + 4 * index, 90])
    return np.stack([left, np.array([220.0 - 4 * index, 130, 290 - 4 * index, 200])])


@pytest.mark.parametrize('name', ['bytetrack', 'sort'])
def test_numbers_stay_whatever_the_order(name: str) -> None:
    if name == 'bytetrack':
        pytest.importorskip('lap', reason='ByteTrack needs lap')
    seen = iter([[0, 1], [0, 1], [1, 0], [0, 1], [0, 1]])
    index = iter(range(9))

    def detect(frame: np.ndarray) -> Detections:
        order = next(seen)
        return Detections(two_faces(next(index))[order], np.full(len(order), 0.9))

    tracker = build_tracker(name, detect)
    for step in range(5):
        found = tracker.propose(FRAME)
        assert set(found) == {1, 2}
        assert np.stack([found[1], found[2]]) == pytest.approx(two_faces(step))


def test_bytetrack_bridges_a_gap_and_a_weak_score() -> None:
    pytest.importorskip('lap', reason='ByteTrack needs lap')
    scores = iter([0.9, 0.9, 0.9, 0.2, None, 0.9])
    index = iter(range(9))

    def detect(frame: np.ndarray) -> Detections:
        score, step = next(scores), next(index)
        there = score is not None
        return Detections(two_faces(step)[: int(there)], np.full(int(there), score or 0))

    tracker = build_tracker('bytetrack', detect)
    assert [list(tracker.propose(FRAME)) for _ in range(6)] == [[1], [1], [1], [1], [], [1]]


@pytest.mark.parametrize('scope', ['mmpose', 'mmdet'])
def test_whatever_registry_is_the_default_one(scope: str) -> None:
    from mmengine.registry import DefaultScope

    with DefaultScope.overwrite_default_scope(scope):
        build_tracker('sort', lambda frame: Detections(two_faces(0), np.ones(2)))
        assert DefaultScope.get_current_instance().scope_name == scope
