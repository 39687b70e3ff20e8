"""Unsure points are held by the sure ones; what all share does not lag."""

from __future__ import annotations

import numpy as np

from fanet_mmpose.inference.filters import Observation
from fanet_mmpose.inference.filters.uncertainty import UncertaintyFilter

SIZE, RATE = 100.0, 25.0
SHAPE = np.random.default_rng(2).uniform(0, SIZE, (30, 2))
SCALES = np.where(np.arange(30) < 15, 0.5, 4.0)


def run(frames: np.ndarray, scales: np.ndarray) -> np.ndarray:
    smooth, out = UncertaintyFilter(), []
    for index, points in enumerate(frames):
        smooth.update(Observation(points, index / RATE, SIZE, scales))
        out.append(smooth.points())
    return np.stack(out)


def test_true_scales_beat_equal_ones() -> None:
    noise = np.random.default_rng(4).normal(0, 1, (150, 30, 2)) * SCALES[:, None]
    angle = np.sin(np.arange(150) / 12) * 0.2
    turns = np.stack([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    truth = SHAPE @ turns.transpose(2, 1, 0) + np.sin(np.arange(150) / 9)[:, None, None] * 20
    error = {}
    for name, scales in (('own', SCALES), ('equal', np.full(30, np.sqrt((SCALES**2).mean())))):
        error[name] = np.diff(run(truth + noise, scales) - truth, axis=0)[30:].std()
    assert error['own'] < 0.8 * error['equal']


def test_a_turning_growing_face_keeps_its_shape() -> None:
    for index, frame in enumerate(
        run(np.stack([SHAPE * (1 + 0.02 * i) for i in range(40)]), SCALES)
    ):
        if index > 20:
            assert np.abs(frame - SHAPE * (1 + 0.02 * index)).max() < 1


def test_scales_of_a_network_are_computed_with_in_full() -> None:
    frames = SHAPE + np.random.default_rng(5).normal(0, 1, (5, 30, 2)) + 5000
    assert np.array_equal(run(frames, SCALES), run(frames, SCALES.astype(np.float32)))
