"""Text as it is found in data sets: UTF-8 or Latin-1, any line ends, sometimes not text at all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from fanet_mmpose.errors import UserError


def decode(data: bytes) -> str:
    """UTF-8 where it is valid, else Latin-1, which never fails."""
    try:
        return data.decode('utf-8-sig')
    except UnicodeDecodeError:
        return data.decode('latin-1')


def read_text(path: Path) -> str:
    """Content of a text file.

    Raises:
        UserError: it cannot be read, is empty, or is binary.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UserError(f'{path}: cannot be read ({error.strerror})') from None
    if not data.strip():
        raise UserError(f'{path}: the file is empty; download it again')
    if b'\0' in data:
        raise UserError(f'{path}: a binary file where text is expected; download it again')
    return decode(data)


def numbered_lines(path: Path) -> Iterator[tuple[str, str]]:
    """``('file:line', content)`` of every line that is not blank; lines count from 1."""
    for number, line in enumerate(read_text(path).splitlines(), start=1):
        if line.strip():
            yield f'{path.name}:{number}', line.strip()
