"""Surer detectors and surer points make likelier faces; without a fit points refuse none."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanet_mmpose import weights
from fanet_mmpose.deploy.model_info import FaceFit
from fanet_mmpose.inference.backend import load_backend
from fanet_mmpose.inference.face_chance import MIN_FACE, face_chance, mean_log_scale

NAME = 'fanet_lite_300w'
FIT = FaceFit(-9.9, 3.8, -2.1, -16.6, -4.8)


@given(st.floats(-8, 0), st.floats(0, 1), st.floats(0, 1))
def test_a_surer_detector_is_never_less_likely(log_scale: float, one: float, other: float) -> None:
    low, high = sorted((one, other))
    for fit in (FIT, None):
        assert face_chance(log_scale, low, fit) <= face_chance(log_scale, high, fit)
        assert 0 <= face_chance(log_scale, None, fit) <= 1


def test_without_a_fit_points_refuse_no_face() -> None:
    assert face_chance(-0.5, None, None) == 1
    assert face_chance(-0.5, 0.9, None) == face_chance(-5.0, 0.9, None) == 0.9


@pytest.mark.skipif(NAME not in weights.names(), reason='weights are not shipped')
def test_the_default_model_has_a_fit() -> None:
    fit = load_backend(NAME).info.face_fit
    assert fit is not None, 'run projects/face_detector/tools/fit_face_chance.py after new weights'
    assert face_chance(-4.5, 0.9, fit) > 0.9
    assert face_chance(-1.3, 0.77, fit) < MIN_FACE  # a clock's dial
    assert face_chance(-1.5, None, fit) < MIN_FACE


def test_the_scale_is_measured_against_the_box() -> None:
    box = np.array([10.0, 10, 60, 110])
    assert mean_log_scale(np.ones(4), box) == pytest.approx(np.log(0.01))
    assert np.isfinite(mean_log_scale(np.zeros(4), np.zeros(4)))


def test_a_chance_stays_a_number_far_out() -> None:
    plain = [1 / (1 + np.exp(-(FIT.alone_constant + FIT.alone_of_scale * x))) for x in (-5.0, -2.0)]
    assert [face_chance(x, None, FIT) for x in (-5.0, -2.0)] == pytest.approx(plain, rel=1e-12)
    assert face_chance(1e6, None, FIT) == pytest.approx(0, abs=1e-300)
    assert face_chance(-1e6, None, FIT) == 1
    assert np.isnan(face_chance(np.nan, 0.9, FIT))
