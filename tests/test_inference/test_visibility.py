"""The calibration of visibility: monotone, right where it was fitted, silent for other models."""

from __future__ import annotations

import json

import numpy as np

from fanet_mmpose import weights
from fanet_mmpose.deploy.runtime import OnnxModel
from fanet_mmpose.inference import visibility
from fanet_mmpose.inference.visibility import apply_line, calibrated_visibility, logit

CHANCES = np.linspace(0.01, 0.99, 50, dtype=np.float32)


def test_a_line_of_the_log_odds() -> None:
    assert np.allclose(apply_line(CHANCES, 1.0, 0.0), CHANCES, atol=1e-6)
    lower = apply_line(CHANCES, 1.5, -0.5)
    assert lower.dtype == np.float32 and (np.diff(lower) > 0).all()
    assert np.allclose(logit(lower), 1.5 * logit(CHANCES) - 0.5, atol=1e-3)
    assert np.isfinite(apply_line(np.array([0.0, 1.0]), 3.0, 1.0)).all()


def test_models_of_ones_own_keep_their_visibility() -> None:
    assert calibrated_visibility('mine', CHANCES) is CHANCES


def test_those_that_ship_are_calibrated() -> None:
    content = json.loads(visibility.FILE.read_text(encoding='utf-8'))['models']
    model = OnnxModel(weights.find('fanet_lite_300w'), threads=1)
    line = content[model.info.name]
    assert line['slope'] > 0 and line['network'] == model.info.visibility
    changed = calibrated_visibility(model.info.name, CHANCES)
    assert np.allclose(changed, apply_line(CHANCES, line['slope'], line['shift']))
