"""Files that are written whole or not at all."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from fanet_mmpose.errors import UserError


def make_folder(path: str | Path) -> None:
    """Make a folder, and those above it, unless it is there.

    Raises:
        UserError: it cannot be made or written to.
    """
    try:
        Path(path).mkdir(parents=True, exist_ok=True)
        # Only a try tells: root may write where no file can be made.
        with tempfile.TemporaryFile(dir=path):
            pass
    except OSError as error:
        raise UserError(f'{path}: cannot be written to ({error.strerror})') from error


@contextmanager
def replacing(path: str | Path) -> Iterator[Path]:
    """A temporary name beside `path`, same suffix; becomes `path` when the block ends well.

    Folders are made. When the block fails, nothing is left behind and `path` is as it was.

    Raises:
        UserError: the folder cannot be written to.
    """
    path = Path(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(path.suffix, f'.{path.stem}-', path.parent)
        os.close(handle)
    except OSError as error:
        raise UserError(f'{path}: cannot be written ({error.strerror})') from error
    temporary = Path(name)
    try:
        yield temporary
        # mkstemp makes files that only their owner may read.
        temporary.chmod(0o666 & ~_umask())
        os.replace(temporary, path)
    except OSError as error:
        raise UserError(f'{path}: cannot be written ({error.strerror or error})') from error
    finally:
        temporary.unlink(missing_ok=True)


def _umask() -> int:
    """The process's file mode mask, which can only be read by setting it."""
    mask = os.umask(0)
    os.umask(mask)
    return mask


def write_text(path: str | Path, text: str) -> None:
    """UTF-8, whole or not at all. Raises `UserError` as `replacing`."""
    with replacing(path) as temporary:
        temporary.write_text(text, encoding='utf-8')


def write_json(path: str | Path, content: Any, indent: int | None = None) -> None:
    """`write_text` of JSON without NaN."""
    write_text(path, json.dumps(content, allow_nan=False, indent=indent))
