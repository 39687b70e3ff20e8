"""The demonstration's parts, without its minutes of training."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import cv2
import numpy as np
import pytest

torch = pytest.importorskip('torch')
pytest.importorskip('mmpose')
from mmengine.config import Config  # noqa: E402
from mmengine.registry import DefaultScope  # noqa: E402
from mmpose.models import build_pose_estimator  # noqa: E402

from fanet_mmpose import demo  # noqa: E402
from fanet_mmpose.base_configs import config_path  # noqa: E402
from fanet_mmpose.demo_photograph import landmarks_on_photograph  # noqa: E402
from fanet_mmpose.geometry.schemas import get_schema  # noqa: E402

PHOTOGRAPH = Path(__file__).parents[1] / 'demo' / 'astronaut.jpg'


@pytest.fixture
def untrained(tmp_path: Path) -> Path:
    """A checkpoint of the demonstration's network as it is before training."""
    with DefaultScope.overwrite_default_scope('mmpose'):
        model = build_pose_estimator(Config.fromfile(config_path(demo.CONFIG)).model)
    path = tmp_path / 'epoch_0.pth'
    torch.save(dict(state_dict=model.state_dict()), path)
    return path


def test_a_model_that_just_trained_marks_the_photograph(untrained: Path, tmp_path: Path) -> None:
    out = tmp_path / 'drawn.png'
    (face,) = landmarks_on_photograph(PHOTOGRAPH, demo.trained_landmarker(untrained), out)
    x1, y1, x2, y2 = face.box
    assert x1 < 225 < x2  # the nose of the astronaut is at (225, 120)
    assert y1 < 120 < y2
    assert len(face.points) == 68
    drawn = cv2.imread(str(out))
    assert drawn.shape == (512, 512, 3)
    assert len(np.unique(drawn.reshape(-1, 3), axis=0)) > 1000


def test_the_sheet_shows_every_face(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, 'SHEET', (1, 2))
    results = SimpleNamespace(
        predicted=np.random.default_rng(0).uniform(50, 150, (2, 68, 2)),
        scores=np.full((2, 68), 0.9),
        scales=np.ones((2, 68)),
        schema=get_schema('300w68'),
    )
    sheet = demo.prediction_sheet(results)
    assert sheet.shape == (224, 448, 3)
    sure = np.array([0, 229, 25])  # what a score of 0.9 is drawn in, blue first
    assert (np.abs(sheet.astype(int) - sure) <= 1).all(-1).sum() > 100
