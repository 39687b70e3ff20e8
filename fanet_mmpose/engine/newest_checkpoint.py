"""The newest checkpoint of a work folder that is whole."""

from __future__ import annotations

import logging
from pathlib import Path

from mmengine.logging import print_log

from fanet_mmpose.engine.checkpoint import is_whole
from fanet_mmpose.errors import UserError

PATTERNS = ('epoch_*.pth', 'iter_*.pth')
POINTER = 'last_checkpoint'  # MMEngine's file, which names the last checkpoint


def newest_checkpoint(folder: str | Path) -> Path | None:
    """What to go on from: the file that MMEngine's pointer names, or the newest whole one.

    A training that was killed may leave a pointer to a file that is half written or gone; then
    the log says which file is taken instead. None where nothing was saved.

    Raises:
        UserError: there are files, and none of them is whole.
    """
    folder = Path(folder)
    pointed = _pointed(folder)
    if pointed is not None and pointed.is_file() and is_whole(pointed):
        return pointed
    found = [path for pattern in PATTERNS for path in folder.glob(pattern)]
    for path in sorted(found, key=lambda path: path.stat().st_mtime_ns, reverse=True):
        if is_whole(path):
            print_log(
                f'{pointed or folder / POINTER} is missing or damaged: going on from {path}',
                logger='current',
                level=logging.WARNING,
            )
            return path
    if found:
        raise UserError(
            f'{folder}: every checkpoint there is damaged ({max(found).name}): delete them to '
            'start anew'
        )
    return pointed


def _pointed(folder: Path) -> Path | None:
    """The path in the pointer; None where there is none, or an empty one."""
    try:
        name = (folder / POINTER).read_text(encoding='utf-8').strip()
    except (OSError, UnicodeDecodeError):
        return None
    return Path(name) if name else None
