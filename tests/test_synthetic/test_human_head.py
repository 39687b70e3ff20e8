"""MakeHuman's head: points where they belong, in every age, expression and view."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from fanet_mmpose.geometry.schemas import get_schema
from fanet_mmpose.synthetic.face_mesh import face_mesh
from fanet_mmpose.synthetic.head_pose import shape_human
from fanet_mmpose.synthetic.human_head import human_head
from fanet_mmpose.synthetic.human_state import SHUT, HumanState, draw_human_state
from fanet_mmpose.synthetic.renderer import render_face
from fanet_mmpose.synthetic.variety import PLAIN, Variety

MIXED = Variety(human=1.0)


def neutral(**actions: float) -> HumanState:
    """A young adult between the sexes, who looks ahead."""
    names = human_head().names
    coefficients = np.zeros(len(names))
    for place, name in enumerate(names):
        if name.startswith('macro/') and name.endswith(('-female-young', '-male-young')):
            coefficients[place] = 1 / 6
    state = HumanState(coefficients, np.zeros(3), np.zeros(2), 900.0)
    return state.with_moves(**actions)


def points(state: HumanState) -> np.ndarray:
    """The 98 points in mm."""
    return shape_human(state)[0][state.mesh.landmarks]


def test_both_halves_of_a_neutral_face_are_alike() -> None:
    flip = get_schema('wflw98').flip_indices
    found = points(neutral())
    np.testing.assert_allclose(found[flip] * [-1, 1, 1], found, atol=0.8)


def test_the_face_is_in_the_frame_of_the_drawn_head() -> None:
    drawn = face_mesh().vertices[face_mesh().landmarks]
    difference = np.abs(points(neutral())[33:] - drawn[33:])
    assert difference[:, :2].mean() < 4 and difference[:, :2].max() < 12  # mm


@pytest.mark.parametrize(
    ('action', 'pair', 'more'),
    [
        ('eyeBlinkLeft', (70, 74), False),
        ('jawOpen', (90, 94), True),
        ('mouthSmileLeft', (76, 82), True),
        ('browInnerUp', (51, 42), True),
    ],
)
def test_actions_move_their_points(action: str, pair: tuple[int, int], more: bool) -> None:
    calm, moved = points(neutral()), points(neutral(**{action: 1.0}))
    gaps = [np.linalg.norm(face[pair[0]] - face[pair[1]]) for face in (calm, moved)]
    assert (gaps[1] - gaps[0]) * (1 if more else -1) > 1


def test_shut_lids_meet_and_do_not_pass_each_other() -> None:
    found = points(neutral(eyeBlinkLeft=SHUT, eyeBlinkRight=SHUT))
    for upper, lower in ((62, 66), (70, 74)):
        assert -0.5 < found[lower, 1] - found[upper, 1] < 1.5  # mm


def test_a_closed_mouth_is_closed() -> None:
    wide = neutral(jawOpen=1.0, mouthFunnel=0.5)
    found = points(wide.with_closed_mouth())
    assert np.linalg.norm(found[90] - found[94]) < 3


def test_every_age_occurs_and_pupils_keep_their_distance() -> None:
    states = [draw_human_state(np.random.default_rng(seed), Variety()) for seed in range(40)]
    ages = np.array([state.age for state in states])
    assert (ages < 0.7).any() and (ages > 2.4).any()
    for state in states[:6]:
        found = points(state)
        assert np.isfinite(found).all()
        assert abs(np.linalg.norm(found[96] - found[97]) - 62) < 14


def test_pictures_have_their_points_inside_and_repeat() -> None:
    for index in range(5):
        face, again = (render_face((2, index), 96, MIXED) for _ in range(2))
        np.testing.assert_array_equal(face.image, again.image)
        np.testing.assert_array_equal(face.points.points, again.points.points)
        np.testing.assert_array_equal(face.points.visible, again.points.visible)
        assert face.points.points.min() > 0 and face.points.points.max() < 95
        assert isinstance(face.head.state, HumanState)


def test_the_eye_that_turns_away_is_hidden_and_the_outline_is_not() -> None:
    turned = replace(PLAIN, human=1.0)
    state = replace(neutral(), angles=np.array([80.0, 0, 0]))
    seen = render_face((4, 2), 160, turned, lambda _: state).points.visible
    assert seen[68:76].mean() < 0.3 and seen[60:68].mean() > 0.6
    assert seen[18:30].mean() > 0.8


def test_without_the_knob_no_such_head_is_drawn() -> None:
    assert not isinstance(render_face((2, 0), 64).head.state, HumanState)
