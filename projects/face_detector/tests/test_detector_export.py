"""The exported detector gives what mmdet gives."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

pytest.importorskip('mmdet')
from helpers.tiny_detector import CONFIG, write_checkpoint  # noqa: E402
from skimage import data  # noqa: E402

from fanet_mmpose.errors import UserError  # noqa: E402
from fanet_mmpose.inference.detectors.mmdet_detector import MMDetDetector  # noqa: E402
from fanet_mmpose.inference.detectors.onnx_detector import (  # noqa: E402
    OnnxDetector,
    OnnxDetectorOptions,
)
from projects.face_detector.detector_export import export_detector  # noqa: E402

SURE = 0.5  # of a network that has learnt nothing


@pytest.fixture(scope='module')
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_checkpoint(tmp_path_factory.mktemp('detector') / 'weights.pth')


@pytest.fixture(scope='module')
def exported(checkpoint: Path) -> Path:
    out = checkpoint.with_name('detector.onnx')
    export_detector(CONFIG, checkpoint, out)
    return out


def test_mmdet_and_the_file_find_the_same_boxes(checkpoint: Path, exported: Path) -> None:
    # As large as the network's input, so that neither has to shrink it in its own way.
    image = cv2.resize(cv2.cvtColor(data.astronaut(), cv2.COLOR_RGB2BGR), (256, 256))
    options = OnnxDetectorOptions(side=256, min_score=SURE, max_iou=0.65)
    boxes, scores = OnnxDetector(exported, options=options).raw(image)
    expected, sure = MMDetDetector(f'{CONFIG},{checkpoint}', min_score=SURE).raw(image)
    assert len(boxes) >= 3
    shown = min(len(boxes), 20)  # mmdet suppresses within 300, and ties may swap at the end
    order = np.argsort(-sure)[:shown]
    assert scores[:shown] == pytest.approx(sure[order], abs=1e-3)
    # mmdet cuts boxes off at the picture's edge; a landmark model wants them whole.
    assert np.clip(boxes[:shown], 0, 256) == pytest.approx(expected[order], abs=0.1)


def test_half_precision_halves_the_file(checkpoint: Path, exported: Path, tmp_path: Path) -> None:
    half = tmp_path / 'half.onnx'
    export_detector(CONFIG, checkpoint, half, 'fp16')
    assert half.stat().st_size < 0.65 * exported.stat().st_size


def test_what_is_refused_leaves_no_file(checkpoint: Path, tmp_path: Path) -> None:
    out = tmp_path / 'out.onnx'
    other = CONFIG.with_name('rtmdet_tiny_face.py')
    with pytest.raises(UserError, match='use the config that the checkpoint was trained with'):
        export_detector(other, checkpoint, out)
    with pytest.raises(UserError, match='must end in .onnx'):
        export_detector(CONFIG, checkpoint, tmp_path / 'out.pb')
    with pytest.raises(UserError, match="precision 'int4' is unknown"):
        export_detector(CONFIG, checkpoint, out, 'int4')
    assert list(tmp_path.iterdir()) == []
