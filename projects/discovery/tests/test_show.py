"""What is shown is what the network sees, with the points where it finds them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip('torch')
pytest.importorskip('mmpose')
from helpers.tiny_discovery import write_discovery  # noqa: E402
from mmengine.registry import DefaultScope  # noqa: E402

from fanet_mmpose.engine.configs import load_config  # noqa: E402
from projects.discovery.measure import load_model  # noqa: E402
from projects.discovery.show import Shown, astronaut, drawn_faces, find_on, show  # noqa: E402


def test_crops_and_points_of_any_pictures(tmp_path: Path) -> None:
    cfg = load_config(write_discovery(tmp_path))
    model = load_model(cfg, 'untrained')
    plain = np.zeros((80, 80, 3), np.uint8)
    plain[36:44, 36:44] = 255
    pictures = [*drawn_faces(1, 1.5), Shown(plain, np.array([39.5, 39.5]), 32.0)]
    with DefaultScope.overwrite_default_scope('mmpose'):
        points, crops = find_on(model, cfg, pictures)
        drawn = show(model, cfg, pictures)
    assert points.shape == (2, 30, 2) and np.isfinite(points).all()
    assert [crop.shape for crop in crops] == 2 * [(64, 64, 3)]
    assert [picture.shape for picture in drawn] == 2 * [(128, 128, 3)]
    # 32 px were enlarged to 64: a white square of 8 px is one of 16 in the middle.
    assert crops[1][26:38, 26:38].min() > 200 and crops[1][:20].max() == 0


def test_the_astronaut_is_inside_the_photograph() -> None:
    pytest.importorskip('skimage')
    shown = astronaut()
    low, high = shown.center - shown.side / 2, shown.center + shown.side / 2
    assert (low >= 0).all() and (high <= shown.image.shape[1::-1]).all()
