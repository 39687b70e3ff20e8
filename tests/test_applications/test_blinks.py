"""Blinks of drawn heads, whose lids follow a known curve."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from fanet_mmpose.applications.blinks import AROUND, BlinkLog, find_blinks, usual_openness
from fanet_mmpose.errors import UserError
from fanet_mmpose.inference.face_landmarks import FaceLandmarks
from fanet_mmpose.synthetic.head_pose import pose_head
from fanet_mmpose.synthetic.head_state import draw_head_state
from fanet_mmpose.synthetic.landmarks import face_points
from fanet_mmpose.synthetic.variety import PLAIN

RATE = 25.0
TIMES = np.arange(75) / RATE


def curve(times: np.ndarray, at: float, width: float, depth: float) -> np.ndarray:
    """How far lids are shut, 0 to `depth`: above its half for `width` seconds round `at`."""
    return depth * np.exp(-np.log(2) * ((times - at) / (width / 2)) ** 4)


def test_start_end_and_depth() -> None:
    shut = curve(TIMES, 1.0, 0.2, 0.9) + curve(TIMES, 2.0, 0.4, 0.7)
    first, second = find_blinks(TIMES, 1.2 * (1 - shut))
    assert first.depth == pytest.approx(0.9, abs=0.02)
    assert second.depth == pytest.approx(0.7, abs=0.02)
    assert first.lowest == pytest.approx(1.0, abs=1 / RATE)
    # Openness of half the usual one: 0.56 of the way to a depth of 0.9.
    half = 0.1 * (np.log(0.9 / 0.5) / np.log(2)) ** 0.25
    assert (first.start, first.end) == pytest.approx((1 - half, 1 + half), abs=0.01)


def test_what_is_no_blink() -> None:
    assert find_blinks(TIMES, np.ones(75)) == []
    assert find_blinks(TIMES, 1 - curve(TIMES, 1, 0.3, 0.4)) == []  # half-shut at most
    assert find_blinks(TIMES, 0.05 + 0.05 * (np.arange(75) % 2)) == []  # eyes shut throughout
    assert find_blinks(TIMES[:2], [1, 0]) == []
    assert find_blinks(TIMES, 1 - curve(TIMES, 0, 0.3, 1)) == []  # began before the video


def test_nothing_is_made_up_where_the_face_was_lost() -> None:
    values = 1 - curve(TIMES, 1.0, 0.3, 1)
    lost = np.where((TIMES > 1.02) & (TIMES < 1.5), np.nan, values)
    assert find_blinks(TIMES, lost) == []
    one_frame = np.where(np.isclose(TIMES, 1.0), np.nan, values)
    assert len(find_blinks(TIMES, one_frame)) == 1


def test_usual_openness_follows_slowly() -> None:
    times = np.arange(0, 20, 0.1)
    values = np.where(times < 10, 1.0, 0.6)
    usual = usual_openness(times, values)
    assert usual[0] == 1.0 and usual[-1] == 0.6
    assert (usual[(times > 10) & (times < 10 + AROUND / 2)] >= 0.6).all()


def drawn_face(shut: float, rng: np.random.Generator) -> FaceLandmarks:
    """A plain head with its lids so far down, with noise on its points."""
    state = draw_head_state(np.random.default_rng(5), PLAIN)
    state = state.with_modes(blink_left=shut, blink_right=shut)
    head = pose_head(state, np.array([112.0, 112]), 110.0)
    points = face_points(head, np.full((224, 224), -1e4, np.float32)).to_schema('300w68')[0]
    points = points + rng.normal(0, 0.15, points.shape)
    ones, box = np.ones(68), np.array([57.0, 57, 167, 167])
    return FaceLandmarks(box, 0.9, points, ones, ones, 0.3 * ones, '300w68')


def test_of_drawn_heads_that_are_followed() -> None:
    """Two faces in one video; one of them blinks."""
    rng, log, times = np.random.default_rng(5), BlinkLog(), TIMES[28:42]
    awake = drawn_face(0.0, rng).with_applications(['eyes'])
    for time, lids in zip(times, curve(times, 1.4, 0.3, 1.0), strict=True):
        log.add(time, [replace(drawn_face(lids, rng), track_id=1), replace(awake, track_id=2)])
    (blink,) = log.blinks()
    assert blink['track_id'] == 1
    assert blink['start'] == pytest.approx(1.25, abs=0.06)
    assert blink['end'] == pytest.approx(1.55, abs=0.06)
    assert blink['depth'] > 0.8


def test_a_face_too_hidden_is_unknown() -> None:
    log, nothing = BlinkLog(), np.full(68, np.nan)
    face = FaceLandmarks(np.zeros(4), 0.1, np.zeros((68, 2)), nothing, nothing, nothing, '300w68')
    log.add(0.0, [face])
    assert log.blinks() == []


def test_bad_input() -> None:
    for times, values in (([0, 1], [1]), ([1, 0], [1, 1]), ([0, 0], [1, 1])):
        with pytest.raises(UserError, match='times that rise'):
            find_blinks(times, values)
