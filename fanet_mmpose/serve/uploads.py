"""The folder in which Gradio's uploader leaves pictures, until they are asked about."""

from __future__ import annotations

import contextlib
from pathlib import Path


class Uploads:
    """Files below `folder`, each in a folder of its own, as Gradio lays them down."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()

    def owns(self, path: str) -> bool:
        """Whether a path, which anyone may have made up, is an uploaded file that is there."""
        try:
            found = Path(path).resolve()
            return found.is_relative_to(self.folder) and found.is_file()
        except (OSError, ValueError):  # a name that no file can have
            return False

    def forget(self, path: str) -> None:
        """Delete an uploaded file; what is none stays."""
        if self.owns(path):
            file = Path(path).resolve()
            file.unlink(missing_ok=True)
            with contextlib.suppress(OSError):  # another visitor's file is in it
                file.parent.rmdir()
