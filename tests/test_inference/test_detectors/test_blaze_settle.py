"""How often a hint is looked at alone."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from fanet_mmpose.inference.detectors import Detections
from fanet_mmpose.inference.detectors.blaze_network import LAYOUTS, RawFaces
from fanet_mmpose.inference.detectors.blaze_settle import Progress, SettleLimits, Settler
from fanet_mmpose.inference.detectors.views import Pyramid

EYES_NOSE_MOUTH_EARS = np.array([[44.0, 56], [84, 56], [64, 70], [64, 86], [34, 60], [94, 60]])


def network(score: float, seen: list[int]) -> SimpleNamespace:
    """A face in the middle of every look, of one score; how many looks came at once is kept."""
    face = RawFaces(
        np.array([[63.5, 63.5]]), np.array([57.6]), EYES_NOSE_MOUTH_EARS[None], np.array([score])
    )

    def look(pictures: np.ndarray, min_score: float) -> list[RawFaces]:
        seen.append(len(pictures))
        return [face] * len(pictures)

    call = type('Network', (SimpleNamespace,), {'__call__': lambda _, *a: look(*a)})
    return call(kind='short', layout=LAYOUTS['short'])


def test_beside_a_sure_face_half_a_chance_is_needed() -> None:
    settler = Settler(network(0.3, []), SettleLimits())
    boxes, rolls = [[0, 0, 9, 9], [20, 0, 29, 9]], [0.0, 0.0]
    for first, kept in ((0.9, [0.9]), (0.8, [0.8, 0.45])):
        found = Detections(boxes, [first, 0.45], rolls, [first, 0.45])
        assert settler.faces(Progress(found=found)).scores.tolist() == kept


@pytest.mark.parametrize(('score', 'looks'), [(0.3, [1]), (0.6, [1, 3]), (0.95, [1])])
def test_other_sides_are_for_the_likely_that_are_not_sure(score: float, looks: list[int]) -> None:
    seen: list[int] = []
    progress, hint = Progress(), Detections([[90, 90, 150, 150]], [0.4], [170.0], [0.4])
    settler = Settler(network(score, seen), SettleLimits())
    settler.add(Pyramid(np.zeros((240, 240, 3), np.uint8)), progress, hint)
    assert seen == looks
    assert progress.found.scores.tolist() == [score]
