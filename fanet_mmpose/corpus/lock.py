"""One run at a time on an output folder."""

from __future__ import annotations

import fcntl
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from fanet_mmpose.errors import UserError

LOCK_FILE = '_fanet_lock'


@contextmanager
def locked(out: Path) -> Iterator[None]:
    """Hold the lock of an output folder; the kernel releases it when this process dies.

    Worker processes do not inherit it.

    Raises:
        UserError: another process holds it, or the folder cannot be written to.
    """
    path = out / LOCK_FILE
    try:
        file = path.open('a+', encoding='utf-8')
    except OSError as error:
        raise UserError(f'{out}: cannot be written to ({error.strerror})') from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            holder = file.read().strip() or 'another process'
            raise UserError(
                f'{out}: {holder} is writing there, wait for it or choose another folder'
            ) from None
        except OSError as error:
            raise UserError(f'{out}: cannot be locked ({error.strerror})') from error
        with suppress(OSError):  # a full disk: the lock holds, and the first part says so
            os.ftruncate(file.fileno(), 0)
            holder = f'process {os.getpid()} on {socket.gethostname()}\n'
            os.write(file.fileno(), holder.encode())  # nothing is left for `close` to write
        yield
