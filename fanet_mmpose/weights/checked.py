"""Files that are used only if they are the published bytes."""

from __future__ import annotations

import hashlib
from pathlib import Path

from fanet_mmpose.errors import UserError


def sha256(path: Path) -> str:
    """Of a file, as hexadecimal digits."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def checked_file(path: Path, expected: str, way_out: str = 'install the package again') -> Path:
    """`path`, if its SHA-256 is the `expected` one.

    Raises:
        UserError: the file is missing or damaged; the sentence ends with `way_out`.
    """
    if not path.is_file():
        raise UserError(f'{path}: is missing: {way_out}')
    if sha256(path) != expected:
        raise UserError(f'{path}: is damaged, its SHA-256 is not the published one: {way_out}')
    return path
