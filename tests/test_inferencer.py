"""MMPose's own way to use a model works unchanged, and finds what ours finds."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from helpers.tiny_fanet import write_checkpoint, write_config
from skimage import data

from fanet_mmpose.deploy.torch_backend import TorchModel
from fanet_mmpose.pipeline.landmarker import FaceLandmarker


@pytest.fixture(scope='module')
def astronaut() -> np.ndarray:
    """Blue first; the upper left part, with the face."""
    return cv2.cvtColor(data.astronaut()[:256, 90:346], cv2.COLOR_RGB2BGR)


def test_mmpose_inferencer(astronaut: np.ndarray, tmp_path: Path) -> None:
    from mmpose.apis import MMPoseInferencer

    config = write_config(tmp_path / 'tiny_300w.py')
    checkpoint = write_checkpoint(config, tmp_path / 'tiny.pth')
    infer = MMPoseInferencer(
        pose2d=str(config),
        pose2d_weights=str(checkpoint),
        det_model='whole_image',
        device='cpu',
    )
    result = next(infer(astronaut, vis_out_dir=str(tmp_path / 'vis')))
    (face,) = result['predictions'][0]
    assert np.array(face['keypoints']).shape == (68, 2)
    assert all(0 < score <= 1 for score in face['keypoint_scores'])
    assert any(path.stat().st_size for path in (tmp_path / 'vis').rglob('*') if path.is_file())
    box = np.array([0, 0, 256, 256])  # the whole image
    ours = FaceLandmarker(TorchModel(config, checkpoint)).find([astronaut], [[box]])[0]
    assert np.array(face['keypoints']) == pytest.approx(ours[0].points, abs=0.05)
