"""BlazeFace: its anchors, its looks, and the search round them."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from skimage import data

from fanet_mmpose.geometry.boxes import max_iou
from fanet_mmpose.geometry.roll import difference
from fanet_mmpose.inference.detectors import Detections, build_detector
from fanet_mmpose.inference.detectors.blaze_faces import merge
from fanet_mmpose.inference.detectors.blaze_network import LAYOUTS, RawFaces, anchor_centers, decode
from fanet_mmpose.inference.detectors.blaze_settle import one_each
from fanet_mmpose.inference.detectors.detector import joined

FACE = np.array([175.0, 83, 271, 179])  # of the photograph below
LEAN = 3.0  # degrees


@pytest.fixture(scope='module')
def photo() -> np.ndarray:
    return cv2.cvtColor(data.astronaut(), cv2.COLOR_RGB2BGR)


def turn(image: np.ndarray, angle: float) -> tuple[np.ndarray, np.ndarray]:
    """A picture turned clockwise, nothing cut off, and where the face is."""
    side = int(np.ceil(np.hypot(*image.shape[:2])))
    matrix = cv2.getRotationMatrix2D((255.5, 255.5), -angle, 1)
    matrix[:, 2] += (side - 512) / 2
    middle = matrix @ [*(FACE[:2] + FACE[2:]) / 2, 1]
    half = (FACE[2] - FACE[0]) / 2
    return cv2.warpAffine(image, matrix, (side, side)), np.append(middle - half, middle + half)


@pytest.mark.parametrize(('kind', 'count'), [('short', 896), ('full', 2304)])
def test_anchors_are_as_many_as_the_network_has(kind: str, count: int) -> None:
    side = LAYOUTS[kind].side
    assert len(anchor_centers(LAYOUTS[kind], side, side)) == count
    assert anchor_centers(LAYOUTS[kind], side, side).mean(0) == pytest.approx([side / 2] * 2)


def test_decoding() -> None:
    values = np.zeros((1, 16))
    values[0, :6] = 3, -1, 20, 24, 5, 6
    raw = decode(values, np.array([[40.5, 60.5]]), np.zeros(1))
    assert raw.centers.tolist() == [[43, 59]]
    assert raw.sides.tolist() == [22]
    assert raw.points[0, 0].tolist() == [45, 66]
    assert raw.scores.tolist() == [0.5]


def test_anchors_of_one_face_become_one() -> None:
    centers = np.array([[10.0, 10], [12, 10], [90, 90], [50, 50]])
    sides, scores = np.array([20.0, 20, 20, 1]), np.array([0.9, 0.3, 0.8, 0.99])
    raw = merge(RawFaces(centers, sides, np.zeros((4, 6, 2)), scores))
    assert raw.scores.tolist() == [0.9, 0.8]
    assert raw.centers[0] == pytest.approx([10.5, 10])
    none = np.zeros(4, bool)
    empty = RawFaces(centers[none], sides[none], np.zeros((0, 6, 2)), scores[none])
    assert not len(merge(empty).scores)


NAMES = ('blazeface', 'blazeface_full', 'blazeface_all', 'blazeface_video', 'blazeface_every')


@pytest.mark.parametrize('name', NAMES)
def test_a_face_with_its_angle(name: str, photo: np.ndarray) -> None:
    found = build_detector(name)(photo)
    assert max_iou(found.boxes[0], [FACE]) > 0.75
    assert found.rolls[0] == pytest.approx(LEAN, abs=8)
    assert found.scores[0] > 0.8


@pytest.mark.parametrize('angle', range(0, 360, 30))
def test_any_angle(angle: int, photo: np.ndarray) -> None:
    image, box = turn(photo, angle)
    found = build_detector('blazeface_all')(image)
    assert max_iou(found.boxes[0], [box]) > 0.6
    assert abs(difference(found.rolls[0], angle + LEAN)) < 15


def test_faces_that_fill_the_picture_and_far_ones(photo: np.ndarray) -> None:
    detect = build_detector('blazeface_all')
    close = photo[70:190, 165:285]
    assert max_iou(detect(close).boxes[0], [FACE - [165, 70, 165, 70]]) > 0.6
    wide = np.full((1200, 1600, 3), 128, np.uint8)
    wide[300:428, 900:1028] = cv2.resize(photo, (128, 128), interpolation=cv2.INTER_AREA)
    found = detect(wide)
    assert max_iou(found.boxes[0], [FACE / 4 + [900, 300, 900, 300]]) > 0.6


def test_a_small_face_beside_a_large_one_ends_the_search_unless_every_look_is_wanted(
    photo: np.ndarray,
) -> None:
    image = np.full((512, 1024, 3), 128, np.uint8)
    image[:, :512] = cv2.resize(photo[20:220, 120:320], (512, 512))
    image[350:478, 850:978] = cv2.resize(photo, (128, 128), interpolation=cv2.INTER_AREA)
    large, small = (FACE - [120, 20, 120, 20]) * 2.56, FACE / 4 + [850, 350, 850, 350]
    found = {name: build_detector(name)(image).boxes for name in ('blazeface_all', NAMES[-1])}
    for boxes in found.values():
        assert max_iou(large, boxes) > 0.6
    assert max_iou(small, found['blazeface_every']) > 0.4
    assert len(found['blazeface_all']) == 1


@pytest.mark.parametrize('shape', [(1, 1), (2, 3), (5, 4000), (300, 300)])
def test_pictures_without_a_face(shape: tuple[int, int]) -> None:
    found = build_detector('blazeface_all')(np.full((*shape, 3), 90, np.uint8))
    assert found.boxes.shape == (0, 4)
    assert found.rolls.shape == (0,)


def test_of_faces_seen_twice_the_surer_stays() -> None:
    boxes = np.array([[0, 0, 10, 10], [1, 0, 11, 10], [30, 30, 40, 40], [32, 32, 36, 36]], float)
    found = one_each([Detections(boxes, [0.5, 0.9, 0.8, 0.7], [1, 2, 3, 4])])
    assert found.rolls.tolist() == [2, 3]
    assert len(one_each([])) == 0


def test_rolls_are_unknown_unless_given() -> None:
    both = joined([Detections([[0, 0, 1, 1]], [1]), Detections([[0, 0, 2, 2]], [1], [30])])
    assert np.isnan(both.rolls[0])
    assert both[both.scores > 0].rolls[1] == 30
