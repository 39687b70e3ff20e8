"""Bytes that are on the disk whole, or not at all, whenever a process or the machine stops."""

from __future__ import annotations

import os
from pathlib import Path

from mmengine.fileio import LocalBackend, register_backend

from fanet_mmpose.errors import UserError
from fanet_mmpose.files import PARTIAL, partial_name, sync_folder


def refuse_full_disk(path: str | Path, error: OSError) -> UserError:
    """The sentence for a file that could not be written."""
    return UserError(
        f'{path}: cannot be written ({error.strerror or error}): free some space, then go on with '
        '--resume; the checkpoints before it are whole'
    )


def write_durably(path: str | Path, content: bytes) -> None:
    """Write under a temporary name, bring it to the disk, then rename it to `path`.

    A kill or a power cut leaves what was there before or `content`, never a part of it. Folders
    are made.

    Raises:
        UserError: there is no room, or no right; what was at `path` is still there.
    """
    path = Path(path)
    temporary = partial_name(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open('wb') as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
        sync_folder(path.parent)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise refuse_full_disk(path, error) from error


def remove_parts(folder: str | Path) -> None:
    """Delete what a killed process was writing. Not while another one writes there."""
    for path in Path(folder).glob(f'.*{PARTIAL}'):
        path.unlink(missing_ok=True)


class DurableBackend(LocalBackend):
    """MMEngine's files on this machine, with `write_durably` in place of its writing."""

    def put(self, obj: bytes, filepath: str | Path) -> None:
        """Write bytes. Raises `UserError` as `write_durably`."""
        write_durably(filepath, obj)


register_backend('durable', DurableBackend, force=True)
