"""Every tracker follows a real face under known warps and keeps its number."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from skimage import data

from fanet_mmpose import weights
from fanet_mmpose.deploy.runtime import OnnxModel
from fanet_mmpose.errors import UserError
from fanet_mmpose.geometry.crop import crop_image, transform_points
from fanet_mmpose.inference.detectors import Detections
from fanet_mmpose.inference.landmarker import FaceLandmarker
from fanet_mmpose.inference.tracker import FaceTracker, TrackerOptions
from fanet_mmpose.inference.trackers import build_tracker, known_trackers

SIDE, FRAMES = 224, 8
WITHOUT_FILE = [name for name in known_trackers() if name != 'deepsort']


def warp(index: int) -> np.ndarray:
    """[2, 3] from the photograph to frame `index`: a pan with a slow roll and zoom."""
    matrix = cv2.getRotationMatrix2D((225.0, 130.0), 1.0 * index, 1 + 0.01 * index)
    matrix[:, 2] += [SIDE / 2 - 225 + 3 * index, SIDE / 2 - 130 - 1.5 * index]
    return matrix


@pytest.fixture(scope='module')
def frames() -> list[np.ndarray]:
    photo = cv2.cvtColor(data.astronaut(), cv2.COLOR_RGB2BGR)
    return [crop_image(photo, warp(index), (SIDE, SIDE)) for index in range(FRAMES)]


@pytest.fixture(scope='module')
def landmarker() -> FaceLandmarker:
    return FaceLandmarker(OnnxModel(weights.find('fanet_lite_300w', '.onnx'), threads=1), 'haar')


def needed(name: str) -> None:
    if name in ('bytetrack', 'sort'):
        pytest.importorskip('mmdet', reason='MMDetection has this tracker')
    if name == 'bytetrack':
        pytest.importorskip('lap', reason='ByteTrack needs lap')


@pytest.mark.parametrize('name', WITHOUT_FILE)
def test_a_real_face_is_followed(
    name: str, frames: list[np.ndarray], landmarker: FaceLandmarker
) -> None:
    needed(name)
    tracker = FaceTracker(landmarker, TrackerOptions(tracker=name, filter='none', look_every=0))
    found = [tracker(frame, index / 25) for index, frame in enumerate(frames)]
    assert [[face.track_id for face in faces] for faces in found] == [[1]] * FRAMES
    first = found[0][0].points
    back = np.linalg.inv(np.vstack([warp(0), [0, 0, 1]]))
    for index, (face,) in enumerate(found):
        expected = transform_points(transform_points(first, back[:2]), warp(index))
        assert np.abs(face.points - expected).mean() < 1.5
    detects = build_tracker(name, landmarker.detector).detects
    assert tracker.detections == (FRAMES if detects else 1)


@pytest.mark.parametrize('name', WITHOUT_FILE)
def test_nothing_to_follow_is_no_box(name: str) -> None:
    needed(name)
    tracker = build_tracker(name, lambda frame: Detections(np.zeros((0, 4)), np.zeros(0)))
    frame = np.zeros((64, 64, 3), np.uint8)
    for _ in range(3):
        assert tracker.propose(frame) == {}
        tracker.observe(frame, {})


def test_an_unknown_tracker_is_one_sentence() -> None:
    with pytest.raises(UserError, match='unknown tracker'):
        build_tracker('median', lambda frame: None)
