"""Files that are written whole or not at all; JSON files that others wrote."""

from __future__ import annotations

import csv
import errno
import io
import json
import os
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from fanet_mmpose.errors import UserError

PARTIAL = '.partial'  # suffix of what is being written
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)  # disk, quota, limit of a file's size


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


def partial_name(path: Path) -> Path:
    """The temporary name of a file or folder that one process makes.

    Always the same, so that the next writing replaces what a killed process left.
    """
    return path.with_name(f'.{path.name}{PARTIAL}')


@contextmanager
def replacing(path: str | Path, alone: bool = False) -> Iterator[Path]:
    """A temporary name beside `path`, same suffix; becomes `path` when the block ends well.

    Folders are made. When the block fails, nothing is left behind and `path` is as it was.

    Args:
        path: file to write.
        alone: no other process writes it now, and no writer asks for the suffix; the temporary
            name is then `partial_name`.

    Raises:
        UserError: the folder cannot be written to.
    """
    path = Path(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = partial_name(path) if alone else _unique(path)
    except OSError as error:
        raise UserError(f'{path}: cannot be written ({error.strerror})') from error
    try:
        yield temporary
        # mkstemp makes files that only their owner may read.
        temporary.chmod(0o666 & ~_umask())
        os.replace(temporary, path)
    except OSError as error:
        raise UserError(f'{path}: cannot be written ({error.strerror or error})') from error
    finally:
        temporary.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Bring a renaming to the disk, where the system lets a folder be opened.

    Raises:
        OSError: there is no room.
    """
    if os.name == 'posix':
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        except OSError as error:
            if error.errno in FULL:  # others: a file system that cannot, which is no failure
                raise
        finally:
            os.close(descriptor)


def _unique(path: Path) -> Path:
    handle, name = tempfile.mkstemp(path.suffix, f'.{path.stem}-', path.parent)
    os.close(handle)
    return Path(name)


def _umask() -> int:
    """The process's file mode mask, which can only be read by setting it."""
    mask = os.umask(0)
    os.umask(mask)
    return mask


def write_bytes(path: str | Path, data: bytes) -> None:
    """All of them or none, by one process at a time. Raises `UserError` as `replacing`."""
    with replacing(path, alone=True) as temporary:
        temporary.write_bytes(data)


def write_text(path: str | Path, text: str) -> None:
    """`write_bytes` of UTF-8."""
    write_bytes(path, text.encode('utf-8'))


def write_json(path: str | Path, content: Any, indent: int | None = None) -> None:
    """`write_text` of JSON without NaN."""
    write_text(path, json.dumps(content, allow_nan=False, indent=indent))


def write_csv(path: str | Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """`write_text` of a comma-separated table."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator='\n')
    writer.writerow(header)
    writer.writerows(rows)
    write_text(path, buffer.getvalue())


@contextmanager
def continuable(out: str | Path) -> Iterator[None]:
    """Say of what stops a long job that the same command continues it.

    Args:
        out: what is named where the system names no file.

    Raises:
        UserError: in place of Ctrl-C, of an `OSError`, and of a file that cannot be written.
    """
    way_on = 'mend that, and the same command continues'
    try:
        yield
    except KeyboardInterrupt:
        raise UserError('interrupted; the same command continues from here') from None
    except OSError as error:
        name = error.filename or out
        raise UserError(f'{name}: {error.strerror or error}; {way_on}') from None
    except UserError as error:
        if isinstance(error.__cause__, OSError):
            raise UserError(f'{error}; {way_on}') from None
        raise


def read_json(path: str | Path, what: str = 'JSON file') -> Any:
    """Content of a JSON file in UTF-8, with or without a byte order mark.

    Raises:
        UserError: it is missing, no regular file (a pipe would be waited for), or no JSON; `what`
            says in the sentence what was expected.
    """
    path = Path(path)
    try:
        if path.exists() and not path.is_file():
            raise UserError(f'{path}: is no regular file: give a {what}')
        return json.loads(path.read_text(encoding='utf-8-sig'))
    except FileNotFoundError as error:
        raise UserError(f'{path}: is missing: give a {what}') from error
    except OSError as error:
        raise UserError(f'{path}: cannot be read ({error.strerror}): give a {what}') from error
    except (ValueError, RecursionError) as error:
        reason = 'nested too deeply' if isinstance(error, RecursionError) else error
        raise UserError(f'{path}: is not a {what} (no JSON: {reason})') from error
