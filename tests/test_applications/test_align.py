"""Aligned crops: on the template, back without loss, of any size."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from fanet_mmpose.applications.align import TEMPLATES, align_face, align_faces
from fanet_mmpose.errors import UserError

ARCFACE = TEMPLATES['arcface'][1]


def moved(points: np.ndarray, degrees: float, scale: float) -> np.ndarray:
    turn = np.deg2rad(degrees)
    matrix = scale * np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    return points @ matrix.T + [300.5, 211.25]


@pytest.mark.parametrize('degrees', [0, 37, 90, 180, -120])
def test_a_turned_template_is_laid_back_on_itself(degrees: float) -> None:
    alignment = align_face(moved(ARCFACE, degrees, 2.3))
    assert np.allclose(alignment.to_crop(moved(ARCFACE, degrees, 2.3)), ARCFACE, atol=1e-6)


def test_round_trip() -> None:
    points = np.random.default_rng(0).uniform(0, 4000, (68, 2))
    alignment = align_face(moved(ARCFACE, 21, 3.1) + np.random.default_rng(1).normal(0, 4, (5, 2)))
    assert np.abs(alignment.to_image(alignment.to_crop(points)) - points).max() < 0.01


def test_no_similarity_is_nearer_to_the_template() -> None:
    """Nor the one that OpenCV finds."""
    points = moved(ARCFACE, 12, 1.7) + np.random.default_rng(2).normal(0, 1, (5, 2))
    other = cv2.estimateAffinePartial2D(points, ARCFACE, method=cv2.LMEDS, refineIters=0)[0]
    ours = align_face(points).matrix
    error, theirs = (
        np.square(points @ matrix[:, :2].T + matrix[:, 2] - ARCFACE).sum()
        for matrix in (ours, other)
    )
    assert error <= theirs + 1e-9


def test_another_size_shows_the_same_picture() -> None:
    rng = np.random.default_rng(3)
    image = cv2.GaussianBlur(rng.integers(0, 255, (300, 300, 3), dtype=np.uint8), (0, 0), 6)
    points = moved(ARCFACE, 15, 1.2) - [230, 140]
    small, large = (align_face(points, size).crop(image) for size in (112, 224))
    assert large.shape == (224, 224, 3)
    halved = cv2.resize(large, (112, 112), interpolation=cv2.INTER_AREA)
    assert np.abs(halved.astype(int) - small)[8:-8, 8:-8].mean() < 2


def test_a_large_face_is_averaged_not_sampled_with_gaps() -> None:
    """Stripes of one pixel become grey, whatever the turn."""
    image = np.zeros((2000, 2000), np.uint8)
    image[:, ::2] = 255
    crop = align_face(moved(ARCFACE, 30, 10) + [0, 300]).crop(image)
    assert np.abs(crop[30:80, 30:80].astype(int) - 127).max() < 30


def test_batch() -> None:
    image = np.zeros((100, 100, 3), np.uint8)
    alignments = [align_face(ARCFACE), align_face(ARCFACE + 3)]
    assert align_faces(image, alignments).shape == (2, 112, 112, 3)
    with pytest.raises(UserError, match='same size'):
        align_faces(image, [])
    with pytest.raises(UserError, match='same size'):
        align_faces(image, [alignments[0], replace(alignments[0], size=64)])


def test_bad_input() -> None:
    with pytest.raises(UserError, match='unknown template'):
        align_face(ARCFACE, template='mine')
    for image in (None, 'photo.jpg', np.zeros((0, 0, 3), np.uint8)):
        with pytest.raises(UserError, match='cut from an array'):
            align_face(ARCFACE).crop(image)
    for size in (0, -112, 10**7, 112.0, 'a'):
        with pytest.raises(UserError, match='give a whole number of 8 to 4096 px'):
            align_face(ARCFACE, size=size)
    with pytest.raises(UserError, match='coincide'):
        align_face(np.ones((5, 2)))


def test_no_reflection() -> None:
    mirrored = ARCFACE * [-1, 1]
    assert np.linalg.det(align_face(mirrored).matrix[:, :2]) > 0
