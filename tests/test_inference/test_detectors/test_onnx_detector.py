"""Detectors as ONNX files: boxes back in the picture, and the one that ships on a real face."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
from helpers.box_graph import BOXES, SCORES, write_box_graph
from skimage import data

from fanet_mmpose.errors import UserError
from fanet_mmpose.inference.detectors import build_detector
from fanet_mmpose.inference.detectors.onnx_detector import OnnxDetector, OnnxDetectorOptions
from fanet_mmpose.inference.landmarker import FaceLandmarker

# Read off the photograph by eye: middle between brows and chin, and between the cheeks, px.
FACE = np.array([224.0, 130])


@pytest.fixture(scope='module')
def graph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_box_graph(tmp_path_factory.mktemp('graph') / 'boxes.onnx')


@pytest.fixture(scope='module')
def astronaut() -> np.ndarray:
    return cv2.cvtColor(data.astronaut(), cv2.COLOR_RGB2BGR)


@pytest.mark.parametrize('shape', [(320, 320), (640, 200), (100, 160), (1, 1), (3, 3000)])
def test_boxes_come_back_in_pixels_of_the_picture(graph: Path, shape: tuple[int, int]) -> None:
    boxes, scores = OnnxDetector(graph).raw(np.zeros((*shape, 3), np.uint8))
    assert scores == pytest.approx(SCORES[[1, 2]])  # the surer of two, and none that is unsure
    assert boxes == pytest.approx(BOXES[[1, 2]] * max(max(shape) / 256, 0.8), rel=1e-5)


def test_options_choose_what_stays(graph: Path) -> None:
    image = np.zeros((64, 64, 3), np.uint8)
    every = OnnxDetectorOptions(side=64, min_score=0.05, max_iou=0.99)
    boxes, scores = OnnxDetector(graph, options=every).raw(image)
    assert scores == pytest.approx([0.9, 0.8, 0.7, 0.1])
    none = OnnxDetectorOptions(min_score=0.95)
    found = build_detector(f'fanet_face:{graph}', options=none)(image)
    assert found.boxes.shape == (0, 4) and found.scores.shape == (0,)
    with pytest.raises(UserError, match='side=16: the detector needs at least 32 px'):
        OnnxDetector(graph, options=OnnxDetectorOptions(side=16))


def test_other_files_are_named(tmp_path: Path) -> None:
    other = write_box_graph(tmp_path / 'other.onnx', ('keypoints', 'scores'))
    with pytest.raises(UserError, match=r'other.onnx: gives keypoints, scores and not boxes'):
        OnnxDetector(other)
    (tmp_path / 'cut.onnx').write_bytes(other.read_bytes()[:200])
    with pytest.raises(UserError, match=r'cut.onnx: is cut or no ONNX file'):
        OnnxDetector(tmp_path / 'cut.onnx')
    with pytest.raises(UserError, match='there is no such ONNX file'):
        build_detector('fanet_face:none.onnx')


@pytest.mark.parametrize('factor', [0.5, 1.0, 2.5])
def test_what_ships_finds_a_real_face_at_any_size(factor: float, astronaut: np.ndarray) -> None:
    image = cv2.resize(astronaut, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    found = build_detector('fanet_face')(image)
    assert found.boxes.shape == (1, 4) and found.scores[0] > 0.5
    box = found.boxes[0] / factor
    assert (box[:2] + box[2:]) / 2 == pytest.approx(FACE, abs=12)
    assert 70 < max(box[2:] - box[:2]) < 130


def test_what_ships_finds_several_and_mirrored_faces(astronaut: np.ndarray) -> None:
    face = astronaut[:256, 96:352]
    row = np.concatenate([face, face[:, ::-1], cv2.flip(face, 1)], 1)
    found = build_detector('fanet_face', options=OnnxDetectorOptions(side=416))(row)
    best = found.boxes[:3]
    middles = np.sort((best[:, 0] + best[:, 2]) / 2)
    assert middles == pytest.approx([128, 256 + 128, 512 + 128], abs=12)


def test_more_pixels_find_a_face_that_is_far_away(astronaut: np.ndarray) -> None:
    scene = cv2.resize(data.coffee()[..., ::-1], (1400, 1000))
    scene[500:700, 900:1100] = cv2.resize(astronaut[:340, 60:400], (200, 200))
    box = build_detector('fanet_face_640')(scene).boxes[0]
    middle = (FACE - [60, 0]) * 200 / 340 + [900, 500]
    assert (box[:2] + box[2:]) / 2 == pytest.approx(middle, abs=10)


@pytest.mark.parametrize('name', ['coffee', 'chelsea', 'brick', 'page', 'rocket'])
def test_no_thing_is_a_face_to_both_networks(name: str) -> None:
    image = getattr(data, name)()
    image = image if image.ndim == 3 else np.stack([image] * 3, -1)
    assert FaceLandmarker(detector='fanet_face_all')(image[..., ::-1]) == []
    sure = build_detector('fanet_face', options=OnnxDetectorOptions(min_score=0.5))
    assert len(sure(image[..., ::-1]).boxes) == 0


def test_neither_pytorch_nor_mmdet_is_imported(graph: Path) -> None:
    program = (
        'import sys; from fanet_mmpose.inference.detectors import build_detector; '
        f'build_detector("fanet_face:{graph}"); '
        "print({'torch', 'mmpose', 'mmcv', 'mmengine', 'mmdet'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, '-c', program], capture_output=True, text=True)
    assert done.stdout.strip() == 'set()', done.stderr
