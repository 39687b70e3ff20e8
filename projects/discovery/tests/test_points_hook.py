"""Sheets of discovered points are logged at intervals, with the points where they are."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip('mmpose')
from helpers.tiny_discovery import write_discovery  # noqa: E402
from mmpose.visualization import PoseLocalVisualizer  # noqa: E402

from fanet_mmpose.engine.launch import train  # noqa: E402
from fanet_mmpose.engine.options import TrainOptions  # noqa: E402
from projects.discovery.points_hook import (  # noqa: E402
    contact_sheet,
    draw_points,
    point_colours,
)


def test_a_point_is_drawn_at_its_place_in_its_colour() -> None:
    image, points = np.zeros((40, 30, 3), np.uint8), np.array([[5.0, 30.0], [20.0, 10.0]])
    drawn = draw_points(image, points, enlarge=4)
    assert drawn.shape == (160, 120, 3)
    for (x, y), colour in zip(points, point_colours(2), strict=True):
        place = int((y + 0.5) * 4 - 0.5), int((x + 0.5) * 4 - 0.5)
        np.testing.assert_array_equal(drawn[place], colour)
    assert (drawn.any(-1)).sum() < 150


def test_colours_differ() -> None:
    assert len(np.unique(point_colours(30), axis=0)) == 30


def test_the_last_row_is_filled() -> None:
    sheet = contact_sheet([np.full((4, 6, 3), i + 1, np.uint8) for i in range(5)], 3)
    assert sheet.shape == (8, 18, 3)
    assert sheet[6, 8, 0] == 5 and sheet[6, 14, 0] == 0


def test_a_training_logs_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    logged = []
    monkeypatch.setattr(
        PoseLocalVisualizer,
        'add_image',
        lambda self, name, image, step: logged.append((name, image.shape, step)),
        raising=False,
    )
    hooks = "custom_hooks = [dict(type='DiscoveredPointsHook', interval=2, pictures=3)]\n"
    config = write_discovery(tmp_path, more=hooks + 'train_cfg = dict(max_epochs=3)\n')
    runner = train(config, TrainOptions(work_dir=str(tmp_path / 'out')))
    assert runner.model.training
    # After the second epoch and after the last: a row of six places for pictures of 192 px.
    assert [(name, shape) for name, shape, _ in logged] == 2 * [('points', (192, 6 * 192, 3))]
    assert logged[0][2] < logged[1][2]
