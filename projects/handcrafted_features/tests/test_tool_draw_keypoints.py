"""projects/handcrafted_features/tools/draw_keypoints.py as a user runs it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest


def test_picture_and_shares(
    run_tool: Callable[..., None], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run_tool('draw_keypoints', '--out', tmp_path / 'points.png')
    assert (tmp_path / 'points.png').stat().st_size > 10_000
    assert [line.split(':')[0] for line in capsys.readouterr().out.splitlines()] == [
        'FAST', 'BRISK', 'ORB', 'AKAZE',
    ]  # fmt: skip
