"""The folder in which Gradio's uploader leaves pictures, until they are asked about."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path

from fanet_mmpose.serve.limits import Limits


class Uploads:
    """Files below `folder`, each in a folder of its own, as Gradio lays them down.

    The page asks about a picture at once and the request deletes its file; what waits longer
    than `limits.upload_seconds` was left by a visitor who has gone. No more than `limits.uploads`
    files wait, and no more bytes than `limits.bodies` of the largest.
    """

    def __init__(self, folder: Path, limits: Limits | None = None) -> None:
        self.folder, self.limits = folder.resolve(), limits or Limits()

    def owns(self, path: str) -> bool:
        """Whether a path, which anyone may have made up, is an uploaded file that is there."""
        try:
            found = Path(path).resolve()
            return found.is_relative_to(self.folder) and found.is_file()
        except (OSError, ValueError):  # a name that no file can have
            return False

    def forget(self, path: str) -> None:
        """Delete an uploaded file; other paths stay."""
        if self.owns(path):
            _delete(Path(path).resolve())

    def has_room(self) -> bool:
        """Whether another upload may come."""
        waiting = self._waiting()
        size = sum(size for _, size, _ in waiting)
        return len(waiting) < self.limits.uploads and size < self._num_bytes

    def sweep(self) -> None:
        """Delete files that wait too long, then the oldest until the rest is within the limits.

        One form may hold many files, so the limits may be passed although there was room.
        """
        waiting = self._waiting()
        size, oldest = sum(size for _, size, _ in waiting), time.time() - self.limits.upload_seconds
        for number, (changed, own, path) in enumerate(waiting):
            many = len(waiting) - number > self.limits.uploads
            if changed < oldest or many or size > self._num_bytes:
                _delete(path)
                size -= own

    @property
    def _num_bytes(self) -> int:
        return self.limits.num_bytes * self.limits.bodies

    def _waiting(self) -> list[tuple[float, int, Path]]:
        """Time of change, bytes and path of each file, the oldest first."""
        found = []
        for path in self.folder.rglob('*'):
            with contextlib.suppress(OSError):  # another request has deleted it
                if path.is_file() and not path.is_symlink():
                    found.append((path.stat().st_mtime, path.stat().st_size, path))
        return sorted(found)


def _delete(file: Path) -> None:
    file.unlink(missing_ok=True)
    with contextlib.suppress(OSError):  # another visitor's file is in it
        file.parent.rmdir()
