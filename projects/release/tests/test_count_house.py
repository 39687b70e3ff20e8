"""What is counted is what a commit holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from fanet_mmpose.errors import UserError
from projects.release.tools.count_house import count, unpack


def test_files_lines_tools_and_words(tmp_path: Path) -> None:
    for name, text in {
        'fanet_mmpose/a.py': 'x = 1\ny = 2\n',
        'fanet_mmpose/b/c.py': '',
        'fanet_mmpose/.mim/d.py': 'not counted\n',
        'tools/train.py': '',
        'tools/misc/one.py': '',
        'README.md': '# Three words here',
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    assert count(tmp_path) == dict(package_files=2, package_lines=2, tools_on_top=1, readme_words=4)


def test_a_commit_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UserError, match='nowhere'):
        unpack('nowhere', tmp_path)
