"""Which looks a picture gets, by what the ones before saw; the networks are counted stand-ins."""

from __future__ import annotations

import numpy as np
import pytest

from fanet_mmpose.inference.detectors.blaze_network import LAYOUTS, RawFaces
from fanet_mmpose.inference.detectors.robust_search import RobustSearch, SearchLimits

SIX = np.array([[-0.16, -0.06], [0.16, -0.06], [0, 0.05], [0, 0.18], [-0.25, 0], [0.25, 0]])
PICTURE = np.zeros((480, 640, 3), np.uint8)
# A face in the left upper part of the picture: middle and side as shares of a look at all of it.
MIDDLE = np.array([0.3, 0.4])


class Stand:
    """A network that sees one upright face of a score in looks at the whole picture, or none."""

    def __init__(self, kind: str, score: float, side: float, looks: list[tuple]) -> None:
        self.kind, self.layout = kind, LAYOUTS[kind]
        self._score, self._side, self._looks = score, side, looks

    def __call__(self, pictures: np.ndarray, min_score: float) -> list[RawFaces]:
        count, height, width = pictures.shape[:3]
        self._looks.append((self.kind, count, width, height))
        centers, sides = MIDDLE[None] * width, np.array([self._side * width])
        face = RawFaces(centers, sides, centers[:, None] + SIX * sides, np.array([self._score]))
        alone = self.kind == 'short' and width == 96
        return [face[face.scores >= (1 if alone else min_score)]] * count


def looks(short: float, full: float, side: float, **limits: object) -> list[tuple]:
    """Kind, number, width and height of the looks at a picture."""
    search, seen = RobustSearch(limits=SearchLimits(**limits)), []
    search._short = search._settler._network = Stand('short', short, side, seen)
    search._full = Stand('full', full, side, seen)
    search(PICTURE)
    return seen


NEAR, ROOM, FAR = ('short', 1, 128, 128), ('short', 1, 96, 96), ('full', 1, 192, 160)


def test_a_large_sure_face_ends_the_search() -> None:
    assert looks(0.9, 0.9, 0.5) == [NEAR]


def test_beside_a_small_sure_face_there_is_one_far_look_without_borders() -> None:
    assert looks(0.9, 0.9, 0.2) == [NEAR, FAR]
    assert looks(0.9, 0.9, 0.2, thorough=True)[:3] == [NEAR, ROOM, FAR]


def test_a_small_unsure_face_waits_for_the_far_look() -> None:
    far = ('full', 1, 192, 192)
    assert looks(0.6, 0.9, 0.2) == [NEAR, ROOM, far]
    assert looks(0.6, 0.6, 0.2)[:4] == [NEAR, ROOM, far, ROOM]


def test_a_large_unsure_face_is_looked_at_before() -> None:
    assert looks(0.6, 0.9, 0.5)[:3] == [NEAR, ROOM, ROOM]


@pytest.mark.parametrize('turn', [True, False])
def test_without_a_face_the_picture_is_turned(turn: bool) -> None:
    seen = looks(0.1, 0.1, 0.1, turn=turn)
    assert seen[:4] == [NEAR, ROOM, ('full', 1, 192, 192), ('full', 1, 480, 384)]
    assert seen[4:] == ([('short', 7, 96, 96)] if turn else [])
