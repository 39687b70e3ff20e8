"""Backgrounds have no face in them."""

from __future__ import annotations

import numpy as np
import pytest

from projects.face_detector.scenes.backgrounds import background, beside_face, photographs, piece
from projects.face_detector.scenes.face_sources import FacePicture

MARK = 200


def marked() -> FacePicture:
    """A picture whose face is a bright square and whose surroundings are dark."""
    image = np.zeros((160, 160, 3), np.uint8)
    image[60:100, 60:100] = MARK
    return FacePicture(image, np.array([[60.0, 60], [99, 60], [60, 99], [99, 99]]))


def test_what_lies_beside_a_face_has_nothing_of_it() -> None:
    rng = np.random.default_rng(0)
    pieces = [beside_face(rng, marked()) for _ in range(20)]
    assert all(part is not None and part.max() == 0 for part in pieces)
    assert len({part.shape for part in pieces}) > 1


def test_a_picture_that_is_all_face_has_no_surroundings() -> None:
    face = marked()
    tight = FacePicture(face.image[55:105, 55:105], face.points - 55)
    assert beside_face(np.random.default_rng(0), tight) is None
    assert background(np.random.default_rng(1), tight, 64).shape == (64, 64, 3)


@pytest.mark.parametrize('shape', [(30, 500, 3), (5, 5, 3), (300, 40, 3)])
def test_pieces_have_the_size_that_was_asked_for(shape: tuple[int, ...]) -> None:
    assert piece(np.random.default_rng(0), np.ones(shape, np.uint8), 48).shape == (48, 48, 3)


def test_photographs_are_pictures() -> None:
    assert len(photographs()) > 10
    assert all(image.ndim == 3 and image.dtype == np.uint8 for image in photographs())


def test_no_detector_sees_a_face_in_the_photographs() -> None:
    from fanet_mmpose.inference.landmarker import FaceLandmarker

    find = FaceLandmarker('fanet_lite_300w', 'haar')
    assert [len(find(image)) for image in photographs()] == [0] * len(photographs())
