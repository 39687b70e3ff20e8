"""tools/analysis_tools/box_jitter.py as a user runs it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from fanet_mmpose.evaluation import box_jitter_study


def test_table_and_files(
    run_tool: Callable[..., None],
    project: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(box_jitter_study, 'test', lambda *_: {'NME': 3.25, 'FR10': 1.5})
    run_tool('box_jitter', project, 'x.pth', '--shifts', 0, 0.1, '--scales', 1.2, '--out', 'j.json')
    said = capsys.readouterr().out
    assert said.count('3.25') == 3
    assert Path('j.json').is_file() and Path('j.png').is_file()


def test_missing_checkpoint(sentence: Callable[..., str], project: Path) -> None:
    assert 'none.pth' in sentence('box_jitter', project, 'none.pth')
