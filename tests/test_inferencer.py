"""MMPose's own way to use a model works unchanged, and finds what ours finds."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from unittest import mock

import cv2
import mmpose
import numpy as np
import pytest
from helpers.taught_detector import SIDE, teach, write_detector_config
from helpers.trapped_checkpoint import TrappedCheckpoint
from mmengine.registry import DefaultScope
from mmengine.visualization import Visualizer
from skimage import data

import fanet_mmpose.plugin  # noqa: F401
from fanet_mmpose import weights
from fanet_mmpose.errors import UserError
from fanet_mmpose.geometry.boxes import max_iou
from fanet_mmpose.inference.detectors import build_detector
from fanet_mmpose.inference.landmarker import FaceLandmarker
from fanet_mmpose.semi import own_boxes
from fanet_mmpose.weights import inferencer_names

NAME = 'fanet_lite_300w'
FACE = np.array([178.0, 87, 272, 178])  # tight box in the photograph, px
DEMO = Path(mmpose.__file__).parent / '.mim' / 'demo' / 'topdown_demo_with_mmdet.py'


class Detector(NamedTuple):
    """Files of an mmdet detector."""

    config: Path
    checkpoint: Path


@pytest.fixture(scope='module', autouse=True)
def scope_as_before() -> Iterator[None]:
    """MMDetection leaves its own registry and visualizer as the default ones, for later tests."""
    with (
        DefaultScope.overwrite_default_scope('mmpose'),
        mock.patch.dict(Visualizer._instance_dict),
    ):
        yield


@pytest.fixture(scope='module')
def photograph() -> np.ndarray:
    """Blue first, 512 px square."""
    return cv2.cvtColor(data.astronaut(), cv2.COLOR_RGB2BGR)


@pytest.fixture(scope='module')
def detector(photograph: np.ndarray, tmp_path_factory: pytest.TempPathFactory) -> Detector:
    """Finds the face of the photograph."""
    folder = tmp_path_factory.mktemp('detector')
    config = write_detector_config(folder / 'detector.py')
    small = cv2.resize(photograph, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    box = FACE * SIDE / len(photograph)
    return Detector(config, teach(config, folder / 'detector.pth', small, box))


def check_face(face: dict, photograph: np.ndarray) -> None:
    """It is the photograph's face, and its points are ours."""
    assert max_iou(FACE, np.array(face['bbox'])) > 0.7
    check_points(face, photograph)


def check_points(face: dict, image: np.ndarray) -> None:
    """They are what our own pipeline finds in the same box."""
    box = np.array(face['bbox']).reshape(1, 4)
    ours = FaceLandmarker(NAME, backend='torch').find([image], [box], passes=1)[0][0]
    assert np.array(face['keypoints']) == pytest.approx(ours.points, abs=0.05)
    assert np.array(face['keypoint_scores']) == pytest.approx(ours.scores, abs=1e-3)


def check_heatmap(drawn: np.ndarray, photograph: np.ndarray) -> None:
    """It is warm on the face alone."""
    warmth = drawn[..., 2].astype(int) - photograph[..., 2]
    x1, y1, x2, y2 = FACE.astype(int)
    inside = warmth[y1:y2, x1:x2]
    assert (inside > 20).mean() > 0.02
    warmth[y1 - 25 : y2 + 25, x1 - 25 : x2 + 25] = 0
    assert (warmth > 20).mean() < 0.001


def test_mmpose_inferencer_on_a_cut_out_face(photograph: np.ndarray, tmp_path: Path) -> None:
    from mmpose.apis import MMPoseInferencer

    x1, y1, x2, y2 = FACE.astype(int)
    cut = photograph[y1:y2, x1:x2].copy()
    infer = MMPoseInferencer(NAME, det_model='whole_image', device='cpu')
    (face,) = next(infer(cut, vis_out_dir=str(tmp_path)))['predictions'][0]
    check_points(face, cut)
    assert any(path.stat().st_size for path in tmp_path.rglob('*') if path.is_file())


def test_mmpose_inferencer_with_an_mmdet_detector(
    photograph: np.ndarray, detector: Detector
) -> None:
    from mmpose.apis import MMPoseInferencer

    infer = MMPoseInferencer(
        pose2d=str(weights.config_of(NAME)),
        pose2d_weights=str(weights.find(NAME, '.pth')),
        det_model=str(detector.config),
        det_weights=str(detector.checkpoint),
        det_cat_ids=(0,),
        device='cpu',
    )
    (face,) = next(infer(photograph, bbox_thr=0.7))['predictions'][0]
    check_face(face, photograph)


def test_mmposes_demo_script(photograph: np.ndarray, detector: Detector, tmp_path: Path) -> None:
    picture, out = tmp_path / 'astronaut.png', tmp_path / 'out'
    cv2.imwrite(str(picture), photograph)
    done = subprocess.run(
        [sys.executable, DEMO, *detector, weights.config_of(NAME), weights.find(NAME, '.pth'),
         '--input', picture, '--output-root', out, '--save-predictions', '--device', 'cpu',
         '--bbox-thr', '0.7', '--draw-heatmap'],
        cwd=tmp_path, env={**os.environ, 'OMP_NUM_THREADS': '1'}, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    (face,) = json.loads((out / 'results_astronaut.json').read_text())['instance_info']
    check_face(face, photograph)
    drawn = cv2.imread(str(out / 'astronaut.png'))
    height, width, _ = photograph.shape
    assert drawn.shape == (2 * height, width, 3)  # the points, and the heatmap below them
    check_heatmap(drawn[height:], photograph)
    changed = np.argwhere((drawn[:height] != photograph).any(-1))
    assert len(changed) and changed.min(0) == pytest.approx(FACE[[1, 0]], abs=25)


def test_weights_that_run_something_are_refused(tmp_path: Path, detector: Detector) -> None:
    from mmpose.apis import MMPoseInferencer, init_model

    trap = TrappedCheckpoint(tmp_path)
    config = str(weights.config_of(NAME))
    with pytest.raises(UserError, match='more than weights'):
        MMPoseInferencer(pose2d=config, pose2d_weights=str(trap.path), device='cpu')
    with pytest.raises(UserError, match='more than weights'):
        MMPoseInferencer(
            pose2d=config,
            pose2d_weights=str(weights.find(NAME, '.pth')),
            det_model=str(detector.config),
            det_weights=str(trap.path),
            det_cat_ids=(0,),
            device='cpu',
        )
    with pytest.raises(UserError, match='more than weights'):
        init_model(config, str(trap.path), device='cpu')
    assert not trap.sprung


def test_a_detector_of_ours_that_runs_something_is_refused(
    tmp_path: Path, detector: Detector
) -> None:
    trap = TrappedCheckpoint(tmp_path)
    with pytest.raises(UserError, match='more than weights'):
        build_detector(f'mmdet:{detector.config},{trap.path}')
    assert not trap.sprung


def test_other_readers_of_weights_refuse_it(tmp_path: Path) -> None:
    from fanet_mmpose.deploy.export import export_onnx
    from fanet_mmpose.engine.configs import load_config

    trap, config = TrappedCheckpoint(tmp_path), weights.config_of(NAME)
    readers = (
        lambda: export_onnx(config, trap.path, tmp_path / 'a.onnx'),
        lambda: own_boxes.load_estimator(load_config(config), trap.path),
    )
    for read in readers:
        with pytest.raises(UserError, match='more than weights'):
            read()
    assert not trap.sprung


def test_names_that_are_not_ours_go_the_way_they_went() -> None:
    from mmpose.apis import MMPoseInferencer

    inferencer_names.install()
    inferencer_names.install()
    with pytest.raises(ValueError, match='Cannot find model: nothing in mmpose'):
        MMPoseInferencer('nothing', device='cpu')
