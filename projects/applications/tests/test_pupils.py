"""Pupils of drawn faces, and what is compared with them."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from fanet_mmpose.errors import UserError
from fanet_mmpose.inference.landmarker import FaceLandmarker
from projects.applications.tools.measure_pupils import IrisNetwork, errors


def test_what_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, 'ai_edge_litert.interpreter', None)
    with pytest.raises(UserError, match='pip install ai-edge-litert'):
        IrisNetwork()


def test_ways_are_measured_against_the_drawn_pupil() -> None:
    pytest.importorskip('skimage')
    find = FaceLandmarker('fanet_lite_wflw98', 'whole_image')
    mirrored = []

    def middle(_: np.ndarray, eye: np.ndarray, is_mirrored: bool) -> np.ndarray:
        mirrored.append(is_mirrored)
        return eye.mean(0)

    rows = errors(middle, find, 0)
    assert rows and mirrored == [True, False][: len(rows)]
    for row in rows:
        assert row['mediapipe_iris'] == pytest.approx(row['middle_of_the_lids'])
        assert 0 < row['fanet_lite_wflw98'] < 15
