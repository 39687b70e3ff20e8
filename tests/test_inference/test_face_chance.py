"""Surer detectors and surer points make likelier faces."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanet_mmpose.inference.face_chance import MIN_FACE, face_chance, mean_log_scale


@given(st.floats(-8, 0), st.floats(0, 1), st.floats(0, 1))
def test_a_surer_detector_is_never_less_likely(doubt: float, one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert face_chance(doubt, low) <= face_chance(doubt, high)
    assert 0 <= face_chance(doubt, None) <= 1


def test_faces_and_textures() -> None:
    assert face_chance(-4.5, 0.9) > 0.95
    assert face_chance(-4.5, None) > 0.95
    assert face_chance(-3.3, 0.75) > MIN_FACE  # a hidden face
    assert face_chance(-1.3, 0.77) < MIN_FACE  # a clock's dial
    assert face_chance(-2.0, None) < MIN_FACE


def test_the_scale_is_measured_against_the_box() -> None:
    box = np.array([10.0, 10, 60, 110])
    assert mean_log_scale(np.ones(4), box) == pytest.approx(np.log(0.01))
    assert np.isfinite(mean_log_scale(np.zeros(4), np.zeros(4)))
