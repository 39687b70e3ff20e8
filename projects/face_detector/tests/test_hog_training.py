"""The plane is learnt: drawn faces against drawn backgrounds, with the search for hard ones."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from fanet_mmpose.errors import UserError
from fanet_mmpose.geometry.boxes import max_iou
from fanet_mmpose.images import load_image
from fanet_mmpose.inference.detectors.calibrate import AnnotatedFace
from fanet_mmpose.inference.detectors.hog import CONTEXT, HogDetector, HogModel
from projects.face_detector.hog_training import (
    HogTraining,
    cut,
    fit_chance,
    fit_plane,
    other_windows,
    train_plane,
    window_of,
)
from projects.face_detector.scenes.backgrounds import backdrop
from projects.face_detector.scenes.face_sources import DrawnFaces


@pytest.fixture(scope='module')
def faces(tmp_path_factory: pytest.TempPathFactory) -> list[AnnotatedFace]:
    folder, drawn, known = tmp_path_factory.mktemp('faces'), DrawnFaces(0, 24), []
    for number in range(len(drawn)):
        face, path = drawn[number], folder / f'{number}.png'
        cv2.imwrite(str(path), face.image)
        low, high = face.points.min(0), face.points.max(0)
        middle, half = (low + high) / 2, (high - low).max() / 2
        known.append(AnnotatedFace(path, np.concatenate([middle - half, middle + half])))
    return known


def test_learns_to_find_drawn_faces(faces: list[AnnotatedFace]) -> None:
    rng = np.random.default_rng(0)
    things = [backdrop(rng, 128) for _ in range(4)]
    model = train_plane(faces[:16], things, HogTraining(views=1))
    again = train_plane(faces[:16], things, HogTraining(views=1))
    assert (model.plane == again.plane).all()
    detect = HogDetector(model=fit_chance(model, faces[:16]))
    shares = [max_iou(face.box, detect(load_image(face.path)).boxes[:1]) for face in faces[16:]]
    assert np.mean(np.array(shares) > 0.5) >= 0.6


def test_the_plane_parts_what_can_be_parted() -> None:
    rng = np.random.default_rng(0)
    faces, others = rng.normal(1, 0.3, (50, 4)), rng.normal(-1, 0.3, (500, 4))
    plane = fit_plane(faces.astype('f4'), others.astype('f4'), 100)
    assert (faces @ plane[:-1] + plane[-1] > 0).all()
    assert (others @ plane[:-1] + plane[-1] < 0).all()


def test_windows() -> None:
    window = window_of(np.array([10.0, 20, 50, 40]))
    assert window.tolist() == [30 - 20 * CONTEXT, 30 - 20 * CONTEXT, 30 + 20 * CONTEXT, 55]
    image = np.arange(100 * 120 * 3, dtype=np.uint32).astype(np.uint8).reshape(100, 120, 3)
    assert (cut(image, np.array([8.0, 4, 72, 68])) == image[4:68, 8:72]).all()
    assert cut(image, np.array([-30.0, -30, 90, 90])).shape == (64, 64, 3)
    rng = np.random.default_rng(0)
    assert len(other_windows(image, None, rng, 7)) == 7
    assert other_windows(np.zeros((64, 64, 3), 'u1'), np.array([0.0, 0, 64, 64]), rng, 0) == []


def test_chances_need_right_and_wrong(faces: list[AnnotatedFace]) -> None:
    blind = HogModel(np.append(np.zeros(1764), -9).astype(np.float32))
    with pytest.raises(UserError, match='no scores to learn from'):
        fit_chance(blind, faces[:2])
