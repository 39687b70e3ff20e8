"""The server's temporary folder, and those of servers that were killed."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

PREFIX = 'fanet-serve-'


@contextlib.contextmanager
def own_folder() -> Iterator[Path]:
    """A temporary folder that goes with the block; those of killed servers are deleted first.

    A server locks its folder. The kernel releases the lock of a process that dies, whatever it
    dies of, so a folder that can be locked belongs to nobody.
    """
    parent = Path(tempfile.gettempdir())
    _delete_left(parent)
    folder, lock = _make_locked()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(lock)


def _make_locked() -> tuple[Path, int]:
    while True:
        folder = Path(tempfile.mkdtemp(prefix=PREFIX))
        lock = _lock(folder)
        if lock is not None:
            return folder, lock
        # Another server that starts at this moment has taken it for a dead one's: make a new one.


def _lock(folder: Path) -> int | None:
    """File descriptor of the locked folder; None if it is a living server's, or gone."""
    try:
        opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError:
        return None
    try:
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        # It may have been deleted between opening and locking.
        if os.fstat(opened).st_ino == os.stat(folder, follow_symlinks=False).st_ino:
            return opened
    except OSError:
        pass
    os.close(opened)
    return None


def _delete_left(parent: Path) -> None:
    for folder in parent.glob(f'{PREFIX}*'):
        with contextlib.suppress(OSError):
            if folder.is_symlink() or folder.stat().st_uid != os.getuid():
                continue
            lock = _lock(folder)
            if lock is not None:
                shutil.rmtree(folder, ignore_errors=True)
                os.close(lock)
