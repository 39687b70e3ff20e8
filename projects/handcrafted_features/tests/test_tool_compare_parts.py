"""projects/handcrafted_features/tools/compare_parts.py as a user runs it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

pytest.importorskip('mmpose')


def test_table_and_files(run_tool: Callable[..., None], repo: Path, tmp_path: Path) -> None:
    page = tmp_path / 'page.md'
    page.write_text('before\n<!-- rows -->\nold\n<!-- end of rows -->\nafter\n')
    config = repo / 'projects/handcrafted_features/configs/extractors/lbp.py'
    run_tool('compare_parts', config, '--work', tmp_path, '--results', tmp_path, '--page', page)
    text = page.read_text()
    assert 'old' not in text and text.startswith('before') and text.endswith('after\n')
    assert '`extractors/lbp`' in text
    assert json.loads((tmp_path / 'extractors_lbp.json').read_text())['val'] is None


def test_a_page_without_a_place_for_the_table(
    sentence: Callable[..., str], repo: Path, tmp_path: Path
) -> None:
    page = tmp_path / 'page.md'
    page.write_text('nothing')
    config = repo / 'projects/handcrafted_features/configs/extractors/lbp.py'
    told = sentence('compare_parts', config, '--results', tmp_path, '--page', page)
    assert 'page.md: needs the lines' in told
    assert not list(tmp_path.glob('*.json'))
