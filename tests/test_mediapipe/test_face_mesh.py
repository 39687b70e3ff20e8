"""The adapter's answers are the package's own points, where MediaPipe's programs look for them."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from skimage import data

from fanet_mmpose import mediapipe as mp
from fanet_mmpose.apis import FaceLandmarker
from fanet_mmpose.errors import UserError
from fanet_mmpose.geometry.face_mesh import NEIGHBOURS, SOURCES, VERTICES

mesh = mp.solutions.face_mesh
HEIGHT, WIDTH = data.astronaut().shape[:2]


@pytest.fixture(scope='module')
def face() -> mesh.MeshFace:
    with mesh.FaceMesh(static_image_mode=True) as find:
        (found,) = find.process(data.astronaut()).multi_face_landmarks
    return found


def test_points_are_those_of_the_landmarker(face: mesh.MeshFace) -> None:
    (expected,) = FaceLandmarker(min_face=0.5)(cv2.cvtColor(data.astronaut(), cv2.COLOR_RGB2BGR))
    points = np.array([(face.landmark[v].x, face.landmark[v].y) for v in VERTICES])
    assert points * (WIDTH, HEIGHT) - 0.5 == pytest.approx(expected.points, abs=1e-6)
    seen = [face.landmark[v].visibility for v in VERTICES]
    assert seen == pytest.approx(expected.visibility.tolist())


def test_neighbours_are_means(face: mesh.MeshFace) -> None:
    for vertex, points in NEIGHBOURS.items():
        mean = np.mean([face.landmark[VERTICES[p]].x for p in points])
        assert face.landmark[vertex].x == pytest.approx(mean)
    assert not set(NEIGHBOURS) & set(VERTICES)


def test_depth(face: mesh.MeshFace) -> None:
    """The nose is nearer than the eyes' corners, and they than the jaw's ends."""
    nose, eye, ear = (face.landmark[v].z for v in (4, 33, 234))
    assert nose < eye < ear
    eyes = abs(face.landmark[33].x - face.landmark[263].x)
    assert 0.5 * eyes < ear - nose < 2.5 * eyes  # a head is about as deep as wide


def test_what_is_absent_says_so(face: mesh.MeshFace) -> None:
    with pytest.raises(mp.landmarks.AbsentLandmarkError, match='landmark 10 of the mesh'):
        _ = face.landmark[10]
    with pytest.raises(IndexError):
        _ = face.landmark[468]
    array = np.array([(p.x, p.y, p.z) for p in face.landmark])
    assert array.shape == (468, 3)
    assert np.isfinite(array).all(1).nonzero()[0].tolist() == sorted(SOURCES)
    with pytest.warns(UserWarning, match='irises'):
        find = mesh.FaceMesh(static_image_mode=True, refine_landmarks=True)
    assert len(find.process(data.astronaut()).multi_face_landmarks[0].landmark) == 478


def test_depth_of_a_face_too_hidden_for_a_pose(face: mesh.MeshFace) -> None:
    from dataclasses import replace

    hidden = replace(face.face, scales=np.full(68, 1e3))
    assert np.isnan(mp.landmarks.MeshFace(hidden, (WIDTH, HEIGHT)).landmark[4].z)


def test_as_many_faces_as_asked_for() -> None:
    two = np.concatenate([data.astronaut()[:300, 60:360]] * 2, 1)
    for most in (1, 2):
        find = mesh.FaceMesh(static_image_mode=True, max_num_faces=most)
        assert len(find.process(two).multi_face_landmarks) == most
    assert find.process(np.zeros((64, 64, 3), np.uint8)).multi_face_landmarks is None


def test_a_video_is_followed() -> None:
    find = mesh.FaceMesh()
    for step in range(3):
        frame = np.ascontiguousarray(data.astronaut()[:300, 60 + step : 360 + step])
        (face,) = find.process(frame).multi_face_landmarks
        assert face.face.track_id == 1
    find.reset()
    assert find.process(frame).multi_face_landmarks[0].face.track_id == 1


@pytest.mark.parametrize(
    'wrong',
    [np.zeros((9, 9), np.uint8), np.zeros((9, 9, 3)), 'photo.jpg', np.zeros((0, 9, 3), np.uint8)],
)
def test_no_picture(wrong: object) -> None:
    with pytest.raises(UserError, match=r'process\(\) takes uint8 \[H, W, 3\], red first'):
        mesh.FaceMesh(static_image_mode=True).process(wrong)


def test_arguments_out_of_range() -> None:
    with pytest.raises(UserError, match='max_num_faces is 1 or more'):
        mesh.FaceMesh(max_num_faces=0)
    with pytest.raises(UserError, match='confidences are from 0 to 1'):
        mesh.FaceMesh(min_detection_confidence=50)


def test_links_join_known_vertices() -> None:
    assert len(mesh.FACEMESH_LIPS) == 20
    assert mesh.FACEMESH_RIGHT_EYE.isdisjoint(mesh.FACEMESH_LEFT_EYE)
    assert {vertex for link in mesh.FACEMESH_CONTOURS for vertex in link} < set(VERTICES)
