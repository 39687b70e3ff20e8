"""Head pose against drawn heads, whose pose is known."""

from __future__ import annotations

import numpy as np
import pytest

from fanet_mmpose.applications.angles import rotation_between, to_angles, to_matrix
from fanet_mmpose.applications.camera import Camera
from fanet_mmpose.applications.head_model import head_model
from fanet_mmpose.applications.pose import RIGID, head_pose
from fanet_mmpose.errors import UserError
from fanet_mmpose.inference.face_landmarks import FaceLandmarks
from fanet_mmpose.synthetic.head_model import HeadModelOptions, build_head_model, landmarks_3d
from fanet_mmpose.synthetic.head_pose import pose_head
from fanet_mmpose.synthetic.head_state import draw_head_state
from fanet_mmpose.synthetic.landmarks import face_points
from fanet_mmpose.synthetic.variety import Variety

CAMERA = Camera(900.0, (320.0, 240.0))
SCALES = np.full(68, 1.0)


def seen(angles: list[float], place: tuple[float, float, float] = (20, -30, 700)) -> np.ndarray:
    """The mean head in front of `CAMERA`, px [68, 2]."""
    return CAMERA.project(head_model().mean @ to_matrix(np.array(angles)).T + place)


def test_the_model_that_ships_is_the_renderers() -> None:
    built = build_head_model(HeadModelOptions(heads=4000))
    model = head_model()
    assert np.allclose(built['mean'], model.mean, atol=1e-3)
    assert np.allclose(built['rest'], model.rest, atol=1e-3)
    signs = np.sign((built['modes'] * model.modes).sum((1, 2)))  # of a component: arbitrary
    assert np.allclose(signs[:, None, None] * built['modes'], model.modes, atol=0.02)


def test_3d_points_project_onto_the_drawn_ones() -> None:
    state = draw_head_state(np.random.default_rng(3), Variety(yaw=30))
    head = pose_head(state, np.array([112.0, 112]), 110.0)
    drawn = face_points(head, np.full((224, 224), -1e4, np.float32)).to_schema('300w68')[0]
    ours = head.project((landmarks_3d(state) * [1, 1, -1]).astype(np.float32))[0]
    assert np.abs(ours - drawn)[RIGID].max() < 0.05


@pytest.mark.parametrize('angles', [[0, 0, 0], [35, -10, 20], [-60, 15, -30], [10, 30, 160]])
def test_the_mean_head_is_found_exactly(angles: list[float]) -> None:
    pose = head_pose(seen(angles), SCALES, camera=CAMERA)
    assert np.allclose([pose.yaw, pose.pitch, pose.roll], angles, atol=0.1)
    assert np.allclose(pose.translation, (20, -30, 700), atol=5)
    assert pose.reprojection_error < 0.1


def test_angles_and_back() -> None:
    for angles in np.random.default_rng(0).uniform(-85, 85, (20, 3)):
        assert np.allclose(to_angles(to_matrix(angles)), angles)
        assert rotation_between(to_matrix(angles), to_matrix(angles)) < 1e-4


def test_the_convention_is_what_it_says() -> None:
    """Yaw: the nose goes right; pitch: it goes down; roll: the eyes' line falls to the right."""
    nose = [seen(angles)[30] - seen(angles)[36:48].mean(0) for angles in
            ([0, 0, 0], [30, 0, 0], [0, 20, 0])]  # fmt: skip
    assert nose[1][0] > nose[0][0] + 5
    assert nose[2][1] > nose[0][1] + 5
    tilted = seen([0, 0, 20])
    assert tilted[45, 1] > tilted[36, 1]


def test_drawn_heads_within_their_uncertainty() -> None:
    rng, errors, sigmas = np.random.default_rng(11), [], []
    for _ in range(25):
        state = draw_head_state(rng, Variety(yaw=60, pitch=25))
        head = pose_head(state, np.array([112.0, 112]), 110.0)
        points = face_points(head, np.full((224, 224), -1e4, np.float32)).to_schema('300w68')[0]
        pose = head_pose(points + rng.normal(0, 1.0, (68, 2)), SCALES)
        errors.append(np.array([pose.yaw, pose.pitch, pose.roll]) - state.angles)
        sigmas.append(pose.sigmas)
    errors, sigmas = np.array(errors), np.array(sigmas)
    assert np.abs(errors).mean(0).max() < 5
    assert (np.abs(errors) < 3 * sigmas).mean() > 0.9


def test_hidden_and_wrong_points_move_little() -> None:
    points = seen([20, 5, 0])
    wrong = points.copy()
    wrong[42:48] += 40  # an eye behind a hand, placed anywhere
    scales = SCALES.copy()
    scales[42:48] = 15
    pose = head_pose(wrong, scales, camera=CAMERA)
    assert np.abs(np.array([pose.yaw, pose.pitch, pose.roll]) - [20, 5, 0]).max() < 3
    wrong = points.copy()
    wrong[[38, 52]] += 40  # nobody knows that these are wrong
    pose = head_pose(wrong, SCALES, camera=CAMERA)
    assert np.abs(np.array([pose.yaw, pose.pitch, pose.roll]) - [20, 5, 0]).max() < 3


def test_less_is_known_less_is_claimed() -> None:
    sure, unsure = (head_pose(seen([20, 0, 0]), scale * SCALES).sigmas for scale in (1, 4))
    assert (unsure > sure).all()


def test_bad_input() -> None:
    with pytest.raises(UserError, match='too hidden'):
        head_pose(seen([0, 0, 0]), np.full(68, 60.0))
    with pytest.raises(UserError, match='68 points'):
        head_pose(np.zeros((5, 2)), np.ones(5))
    with pytest.raises(UserError, match='too hidden'):
        head_pose(np.full((68, 2), np.nan), SCALES)
    with pytest.raises(UserError, match='camera'):
        Camera(-1, (0, 0))


@pytest.mark.parametrize(
    ('camera', 'said'),
    [
        (np.eye(2), '3×3'),
        ('a.yml', '3×3'),
        (900, '3×3'),
        (np.full((3, 3), np.nan), '3×3'),
        (np.array([[900.0, 0, 320], [0, 900, 240], [1, 0, 1]]), '3×3'),
        (np.array([[900.0, 7, 320], [0, 900, 240], [0, 0, 1]]), '3×3'),
        (np.array([[900.0, 0, 320], [0, 300, 240], [0, 0, 1]]), 'fx 900 and fy 300 differ'),
        (np.array([[-900.0, 0, 320], [0, -900, 240], [0, 0, 1]]), 'positive length'),
    ],
)
def test_what_is_no_camera(camera: object, said: str) -> None:
    with pytest.raises(UserError, match=said):
        head_pose(seen([0, 0, 0]), SCALES, camera=camera)


def test_a_camera_as_nested_lists() -> None:
    pose = head_pose(seen([25, 0, 0]), SCALES, camera=CAMERA.matrix.tolist())
    assert pose.yaw == pytest.approx(25, abs=0.2)


def test_of_a_face_in_a_picture() -> None:
    points = seen([25, 0, 0])
    ones = np.ones(68)
    face = FaceLandmarks(np.array([0.0, 0, 9, 9]), 0.9, points, ones, ones, SCALES, '300w68')
    pose = face.pose(CAMERA.matrix)
    assert pose.yaw == pytest.approx(25, abs=0.2)
    assert set(pose.to_dict()) == {
        'yaw', 'pitch', 'roll', 'sigmas', 'translation', 'reprojection_error'
    }  # fmt: skip
    image = np.zeros((480, 640, 3), np.uint8)
    assert pose.draw(image).any() and not image.any()
    assert face.pose().translation is None
    assert face.align().crop(image).shape == (112, 112, 3)
