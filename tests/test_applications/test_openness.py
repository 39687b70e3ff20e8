"""Openness of eyes and mouth against drawn heads, whose lids and lips are known."""

from __future__ import annotations

import json

import numpy as np
import pytest

from fanet_mmpose.applications import openness
from fanet_mmpose.applications.openness import (
    LEFT_EYE,
    MOUTH,
    RIGHT_EYE,
    OpennessFit,
    eye_openness,
    gap_ratio,
    mouth_openness,
    openness_fits,
)
from fanet_mmpose.applications.pose import head_pose
from fanet_mmpose.errors import UserError
from fanet_mmpose.inference.face_landmarks import FaceLandmarks
from fanet_mmpose.synthetic.head_model import landmarks_3d
from fanet_mmpose.synthetic.head_pose import pose_head
from fanet_mmpose.synthetic.head_state import HeadState, draw_head_state
from fanet_mmpose.synthetic.landmarks import face_points
from fanet_mmpose.synthetic.variety import Variety

SCALES = np.full(68, 0.5)


def seen(state: HeadState) -> np.ndarray:
    """Its 68 points in a picture, px."""
    head = pose_head(state, np.array([112.0, 112]), 110.0)
    return face_points(head, np.full((224, 224), -1e4, np.float32)).to_schema('300w68')[0]


def head(seed: int = 3, yaw: float = 40, **modes: float) -> HeadState:
    return draw_head_state(np.random.default_rng(seed), Variety(yaw=yaw)).with_modes(**modes)


def true_ratio(state: HeadState, opening: openness.Opening) -> float:
    points = landmarks_3d(state)
    gap = points[list(opening.lower), 1] - points[list(opening.upper), 1]
    first, last = points[list(opening.corners)]
    return float(gap.mean() / np.linalg.norm(last - first))


@pytest.mark.parametrize('seed', range(6))
def test_the_ratio_is_the_drawn_one_however_the_head_turns(seed: int) -> None:
    lids = np.random.default_rng(seed).uniform(0, 1, 2)
    state = head(seed, 60, blink_right=lids[0], blink_left=lids[1], jaw_open=0.3 * seed / 5)
    points = seen(state)
    pose = head_pose(points, SCALES)
    for opening in (RIGHT_EYE, LEFT_EYE, MOUTH):
        ratio, _ = gap_ratio(points, SCALES, pose, opening)
        slack = 0.06 if opening is MOUTH else 0.03
        assert ratio == pytest.approx(true_ratio(state, opening), abs=slack)


def test_each_eye_for_itself_and_named_as_the_persons() -> None:
    wink = head(yaw=0, blink_left=1.0, blink_right=0.0)  # modes are named by the picture's side
    eyes = eye_openness(seen(wink), SCALES)
    assert eyes.right.value < 0.5 * eyes.left.value
    assert min(eyes.right.value, eyes.left.value) < eyes.mean.value < eyes.left.value


def test_a_mouth_that_opens() -> None:
    values = [
        mouth_openness(seen(head(jaw_open=jaw, close_lips=float(jaw == 0))), SCALES).value
        for jaw in (0, 0.3, 0.7, 1)
    ]
    assert values == sorted(values) and values[-1] > values[0] + 0.25


def test_less_is_known_less_is_claimed() -> None:
    points = seen(head())
    sure = eye_openness(points, SCALES)
    unsure = eye_openness(points, 4 * SCALES)
    hidden = eye_openness(points, SCALES, np.where(np.arange(68) < 42, 0.1, 0.9))
    assert unsure.left.sigma > sure.left.sigma
    assert hidden.right.sigma > hidden.left.sigma
    assert hidden.mean.sigma <= np.sqrt(2) * hidden.left.sigma


def test_nothing_is_less_than_shut() -> None:
    fit = OpennessFit(2.0, -0.5, 0.1, 1.0)
    assert fit(0.1, 0.0).value == 0
    assert fit(0.5, 0.0).sigma == pytest.approx(0.1)
    assert fit(0.5, 0.2).sigma == pytest.approx(np.hypot(0.1, 0.4))


def test_the_constants_that_ship_say_where_they_are_from() -> None:
    content = json.loads(openness.FILE.read_text(encoding='utf-8'))
    assert {'command', 'model', 'seed'} <= set(content)
    for fit in openness_fits().values():
        assert fit.slope > 0 and fit.floor >= 0 and fit.factor > 0


def test_of_a_face_in_a_picture() -> None:
    points, ones = seen(head()), np.ones(68)
    face = FaceLandmarks(np.array([0.0, 0, 9, 9]), 0.9, points, ones, ones, SCALES, '300w68')
    assert face.eyes == eye_openness(points, SCALES, ones)
    assert face.mouth == mouth_openness(points, SCALES, ones)
    assert set(face.eyes.to_dict()) == {'right', 'left'}
    assert set(face.mouth.to_dict()) == {'value', 'sigma'}


def test_bad_input() -> None:
    with pytest.raises(UserError, match='too hidden'):
        eye_openness(seen(head()), np.full(68, 60.0))
    with pytest.raises(UserError, match='68 points'):
        mouth_openness(np.zeros((5, 2)), np.ones(5))
    points = seen(head())
    points[37] = np.nan
    with pytest.raises(UserError, match='eyes'):
        eye_openness(points, SCALES)
