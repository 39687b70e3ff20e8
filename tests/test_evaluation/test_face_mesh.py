"""MediaPipe's mesh as 68 points, with a stand-in for it and, where it is installed, with itself.

`test_mesh_network.py` has the way without MediaPipe.
"""

from __future__ import annotations

import sys
from types import ModuleType, SimpleNamespace

import cv2
import numpy as np
import pytest
from skimage import data

from fanet_mmpose.errors import UserError
from fanet_mmpose.evaluation.face_mesh import FaceMesh
from fanet_mmpose.evaluation.face_mesh_study import (
    Findings,
    errors,
    look,
    summarize,
    vertex_distances,
)
from fanet_mmpose.geometry.face_mesh import NEIGHBOURS, SOURCES, VERTICES

MODULE = 'mediapipe.python.solutions.face_mesh'


class StandIn:
    """A mesh of 468 vertices at known places; no face in a black picture; counts its searches."""

    searches = 0

    def __init__(self, static_image_mode: bool, refine_landmarks: bool) -> None:
        self.static, self.following = static_image_mode, False

    def reset(self) -> None:
        """Forget."""
        self.following = False

    def process(self, image: np.ndarray) -> SimpleNamespace:
        """As MediaPipe: shares of the picture's sides."""
        StandIn.searches += self.static or not self.following
        self.following = bool(image.any())
        if not self.following:
            return SimpleNamespace(multi_face_landmarks=None)
        mesh = [SimpleNamespace(x=i / 500, y=1 - i / 500, z=-i / 1000) for i in range(468)]
        return SimpleNamespace(multi_face_landmarks=[SimpleNamespace(landmark=mesh)])


@pytest.fixture
def stand_in(monkeypatch: pytest.MonkeyPatch) -> type[StandIn]:
    module = ModuleType(MODULE)
    module.FaceMesh = StandIn
    for name in ('mediapipe', 'mediapipe.python', 'mediapipe.python.solutions'):
        monkeypatch.setitem(sys.modules, name, ModuleType(name))
    monkeypatch.setitem(sys.modules, MODULE, module)
    StandIn.searches = 0
    return StandIn


def test_vertices_are_68_different_ones() -> None:
    assert len(set(VERTICES)) == 68
    assert max(VERTICES) < 468


def test_points_in_pixels(stand_in: type[StandIn]) -> None:
    points = FaceMesh()(np.full((100, 200, 3), 9, np.uint8))
    first = VERTICES[0] / 500
    assert points[0] == pytest.approx([200 * first - 0.5, 100 * (1 - first) - 0.5])
    assert FaceMesh()(np.zeros((100, 200, 3), np.uint8)) is None


def test_depth_in_pixels(stand_in: type[StandIn]) -> None:
    surface = FaceMesh().surface(np.full((100, 200, 3), 9, np.uint8))
    assert surface[100] == pytest.approx([200 * 0.2 - 0.5, 100 * 0.8 - 0.5, 200 * 0.1])


def test_static_pictures_are_searched_from_anew(stand_in: type[StandIn]) -> None:
    picture = np.full((100, 100, 3), 9, np.uint8)
    for static, searches in ((False, 1), (True, 3)):
        stand_in.searches, find = 0, FaceMesh(static=static)
        for _ in range(3):
            find(picture)
        assert stand_in.searches == searches


def test_the_search_is_not_timed_and_missed_faces_are_counted(stand_in: type[StandIn]) -> None:
    truth = np.random.default_rng(0).uniform(20, 80, (2, 68, 2))
    found = iter(truth + 1)
    ours = SimpleNamespace(find=lambda *_, **__: [[SimpleNamespace(points=next(found))]])
    pictures = [np.full((100, 100, 3), 9, np.uint8), np.zeros((100, 100, 3), np.uint8)]
    mine, theirs = look(ours, FaceMesh(), zip(pictures, truth, strict=True))
    assert stand_in.searches == 2  # one for each picture; the timed look follows
    assert len(mine.seconds) == 2 and len(theirs.seconds) == 1
    assert theirs.points[1] is None


def test_both_are_scored_on_the_same_faces() -> None:
    truth = np.random.default_rng(0).uniform(20, 80, (2, 68, 2))
    span = np.linalg.norm(truth[0, 36] - truth[0, 45])
    off = truth + [3, 4]
    row = summarize(Findings([*off], [0.002, 0.002]), truth, np.array([True, False]))
    assert row == dict(
        NME=round(100 * 5 / span, 3), NME_inner51=round(100 * 5 / span, 3), cpu_ms=2.0, found=2
    )
    off[:, 0] = truth[:, 0] + [300, 400]  # the contour is not among the inner points
    assert errors([*off[:1]], truth[:1], slice(17, 68)) == row['NME_inner51']


def test_distances_of_vertices_from_what_stands_for_them() -> None:
    truth = np.random.default_rng(0).uniform(20, 80, (3, 68, 2))
    mesh = np.zeros((3, 468, 2))
    for vertex, points in SOURCES.items():
        mesh[:, vertex] = truth[:, list(points)].mean(1)
    span = np.linalg.norm(truth[:, 36] - truth[:, 45], axis=1)
    mesh[:, 159] += np.stack([span, 0 * span], 1)
    found = vertex_distances(mesh, truth)
    assert set(found) == {str(vertex) for vertex in (*VERTICES, *NEIGHBOURS)}
    assert found.pop('159') == 100.0
    assert not any(found.values())


def test_a_real_face() -> None:
    try:
        find = FaceMesh()
    except UserError as error:
        pytest.skip(str(error))
    points = find(cv2.cvtColor(data.astronaut(), cv2.COLOR_RGB2BGR))
    assert points[30] == pytest.approx([225, 130], abs=12)  # tip of the nose
