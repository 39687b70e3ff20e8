"""Text of any encoding."""

from __future__ import annotations

from pathlib import Path

import pytest

from fanet_mmpose.datasets.converters.text import numbered_lines, read_text
from fanet_mmpose.errors import UserError


@pytest.mark.parametrize('encoding', ['utf-8', 'utf-8-sig', 'latin-1'])
def test_encodings(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / 'a.txt'
    path.write_bytes('caf\xe9 1\n'.encode(encoding))
    assert read_text(path) == 'caf\xe9 1\n'


def test_lines_are_numbered_as_an_editor_does(tmp_path: Path) -> None:
    path = tmp_path / 'a.txt'
    path.write_bytes(b'one\r\n\r\n  three \n')
    assert list(numbered_lines(path)) == [('a.txt:1', 'one'), ('a.txt:3', 'three')]


@pytest.mark.parametrize(
    ('content', 'reason'), [(b'', 'empty'), (b' \n', 'empty'), (b'a\0b', 'binary')]
)
def test_unusable(content: bytes, reason: str, tmp_path: Path) -> None:
    path = tmp_path / 'a.txt'
    path.write_bytes(content)
    with pytest.raises(UserError, match=reason):
        read_text(path)


def test_missing(tmp_path: Path) -> None:
    with pytest.raises(UserError, match='cannot be read'):
        read_text(tmp_path / 'nowhere')
