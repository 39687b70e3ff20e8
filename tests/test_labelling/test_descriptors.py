"""Shapes are compared without position, size and roll."""

from __future__ import annotations

import numpy as np

from fanet_mmpose.geometry.similarity import apply_similarity
from fanet_mmpose.inference.face_landmarks import FaceLandmarks
from fanet_mmpose.labelling.descriptors import align_shapes, coarse_look, describe
from fanet_mmpose.labelling.faces import PATCH, FoundFace

RNG = np.random.default_rng(0)
POSES = [(1.0, 0.0, 0.0, 0.0), (0.5, 0.9, 40.0, -7.0), (-2.0, 0.3, 5.0, 100.0)]


def test_the_same_shape_anywhere_is_one_shape() -> None:
    shape = RNG.normal(size=(12, 2)) * 30
    aligned = align_shapes(np.stack([apply_similarity(np.array(p), shape) for p in POSES]))
    np.testing.assert_allclose(aligned, aligned[:1].repeat(3, 0), atol=1e-9)


def test_other_shapes_stay_apart() -> None:
    first, second = RNG.normal(size=(2, 12, 2))
    aligned = align_shapes(np.stack([first, second, first]))
    np.testing.assert_allclose(aligned[0], aligned[2])
    assert np.abs(aligned[0] - aligned[1]).max() > 0.05


def test_a_look_sees_the_side_that_the_light_comes_from() -> None:
    ramp = np.tile(np.linspace(0, 255, PATCH), (PATCH, 1)).astype(np.uint8)
    assert np.abs(coarse_look(ramp) - coarse_look(ramp[:, ::-1])).max() > 1


def face(points: np.ndarray, patch: np.ndarray) -> FoundFace:
    flat = np.ones(len(points))
    found = FaceLandmarks(np.zeros(4), 1.0, points, flat, flat, flat, '300w68')
    return FoundFace('a.jpg', found, patch)


def test_shape_and_look_count_alike() -> None:
    shapes = RNG.normal(size=(9, 68, 2))
    patches = RNG.integers(0, 256, (9, PATCH, PATCH), dtype=np.uint8)
    described = describe([face(*each) for each in zip(shapes, patches, strict=True)])
    for half in (described[:, : 68 * 2], described[:, 68 * 2 :]):
        np.testing.assert_allclose((half**2).sum(1).mean(), 1)


def test_one_face_alone_is_no_division_by_zero() -> None:
    alone = describe([face(RNG.normal(size=(68, 2)), np.zeros((PATCH, PATCH), np.uint8))])
    assert np.isfinite(alone).all()
