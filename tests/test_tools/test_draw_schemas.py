"""tools/misc/draw_schemas.py as a user runs it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path


def test_one_schema(run_tool: Callable[..., None], tmp_path: Path) -> None:
    run_tool('draw_schemas', 'mtfl5', '--out', tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ['mtfl5.png']


def test_unknown_schema(sentence: Callable[..., str], tmp_path: Path) -> None:
    assert 'no picture of dlib' in sentence('draw_schemas', 'dlib', '--out', tmp_path)
