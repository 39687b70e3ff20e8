"""Offsets that are the same on every face are told from errors that are not."""

from __future__ import annotations

import numpy as np
import pytest

from fanet_mmpose.evaluation.error_split import along_and_across, face_frames, split_errors

EYES = (36, 45)


def faces(count: int = 20, seed: int = 0) -> np.ndarray:
    """One shape [68, 2], turned, scaled and moved: [count, 68, 2]."""
    rng = np.random.default_rng(seed)
    shape = rng.normal(0, 30, (68, 2))
    shape[36], shape[45] = (-30, 0), (30, 0)
    angles, scales = rng.uniform(-1, 1, count), rng.uniform(0.5, 2, count)
    turns = np.array([[[np.cos(a), -np.sin(a)], [np.sin(a), np.cos(a)]] for a in angles])
    moves = rng.uniform(0, 100, (count, 1, 2))
    return np.einsum('nij,kj->nki', turns, shape) * scales[:, None, None] + moves


def test_a_constant_offset_in_the_faces_own_frame_is_all_taken_away() -> None:
    truth = faces()
    turns, length = face_frames(truth, *EYES)
    offset = np.random.default_rng(1).normal(0, 0.05, (68, 2))
    shift = np.einsum('nji,kj->nki', turns, offset) * length[:, None, None]
    split = split_errors(truth + shift, truth)
    assert split.nme == pytest.approx(100 * np.linalg.norm(offset, axis=1).mean())
    assert split.without_offsets == pytest.approx(0, abs=1e-9)


def test_random_errors_stay() -> None:
    truth = faces(200)
    predicted = truth + np.random.default_rng(2).normal(0, 2, truth.shape)
    split = split_errors(predicted, truth)
    assert split.without_offsets == pytest.approx(split.nme, rel=0.02)
    _, length = face_frames(truth, *EYES)
    errors = np.linalg.norm(predicted - truth, axis=-1) / length[:, None]
    assert split.nme == pytest.approx(100 * errors.mean())


def test_frames_lie_level_and_are_as_wide_as_the_eyes() -> None:
    truth = faces()
    turns, length = face_frames(truth, *EYES)
    between = np.einsum('nij,nj->ni', turns, truth[:, 45] - truth[:, 36])
    np.testing.assert_allclose(between, np.stack([length, 0 * length], 1), atol=1e-9)


def test_errors_along_a_straight_outline_are_not_across_it() -> None:
    outline = np.stack([np.zeros(5), np.arange(5.0)], 1)[None]  # straight down
    errors = np.tile([[[0.5, 2.0]]], (1, 5, 1))
    along, across = along_and_across(errors, outline)
    np.testing.assert_allclose(along, 2.0)
    np.testing.assert_allclose(np.abs(across), 0.5)
