"""A tracker is recorded on a known sequence, and every frame gets its smoothed points."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from helpers.blob_model import picture_with_spots, write_blob_model

from fanet_mmpose.deploy.runtime import OnnxModel
from fanet_mmpose.errors import UserError
from fanet_mmpose.inference.filters import build_filter
from fanet_mmpose.inference.landmarker import FaceLandmarker
from projects.video_study.moving_camera import SequenceFrame
from projects.video_study.video_study import (
    Recording,
    equal_scales,
    quality,
    record,
    smooth,
)

FRAMES = 12


@pytest.fixture(scope='module')
def landmarker(tmp_path_factory: pytest.TempPathFactory) -> FaceLandmarker:
    path: Path = write_blob_model(tmp_path_factory.mktemp('study') / 'blob.onnx')
    return FaceLandmarker(OnnxModel(path, threads=1), 'whole_image')


@pytest.fixture(scope='module')
def recording(landmarker: FaceLandmarker) -> Recording:
    """A spot that moves; what is found in a still picture of it is taken as the truth."""
    spots = [(44.0 + i, 48.0) for i in range(FRAMES)]
    pictures = [picture_with_spots([spot], radius=16, shape=(96, 96)) for spot in spots]
    truth = [landmarker(picture)[0].points for picture in pictures]
    rows = zip(pictures, truth, strict=True)
    frames = [SequenceFrame(i / 25, image, points) for i, (image, points) in enumerate(rows)]
    return record(landmarker, frames, 'landmarks')


def test_what_is_found_is_near_the_truth(recording: Recording) -> None:
    assert recording.frames == len(recording.faces) == len(recording.milliseconds) == FRAMES
    assert recording.numbers == 1 and recording.detections == 1
    rough = quality([smooth(recording, None)], [recording])
    exact = quality([recording.truth], [recording])
    assert (exact.flicker, exact.lag, exact.nme) == (0, 0, 0)
    assert 0 <= rough.nme < 20


@pytest.mark.parametrize('lag', [0, 3, FRAMES + 4])
def test_every_frame_is_smoothed_once(recording: Recording, lag: int) -> None:
    points = smooth(recording, build_filter('kalman', lag), lag)
    assert points.shape == recording.truth.shape
    assert np.abs(points - smooth(recording, None)).max() < 3


def test_equal_scales_keep_the_mean_square(recording: Recording) -> None:
    rng = np.random.default_rng(0)
    faces = [replace(face, scales=rng.uniform(1, 3, 68)) for face in recording.faces]
    flat = equal_scales(replace(recording, faces=faces))
    for face, same in zip(faces, flat.faces, strict=True):
        assert np.ptp(same.scales) == 0
        assert (same.scales**2).mean() == pytest.approx((face.scales**2).mean())


def test_a_face_that_is_not_found_is_told(landmarker: FaceLandmarker) -> None:
    black = SequenceFrame(0.0, np.zeros((96, 96, 3), np.uint8), np.ones((68, 2)))
    with pytest.raises(UserError, match='in 0 of 1 frames'):
        record(landmarker, [black], 'landmarks')
