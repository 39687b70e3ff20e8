"""Libraries below Python: threads they compute with, memory they keep, what they may print.

Imports nothing heavy: threads are set before NumPy and PyTorch are imported.
"""

from __future__ import annotations

import ctypes
import os
import sys

LOADER_WORKERS = 2  # what our recipes start
VARIABLE = 'OMP_NUM_THREADS'
SILENT = 0
# Of the C library's `mallopt`.
M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3
LARGEST_OF_HEAP = 32 << 20  # bytes; the C library takes no more
NEVER_TRIM = (1 << 31) - 1


def limit_threads(cores: int | None = None) -> None:
    """Leave two cores to the loader's workers, unless the user has chosen already.

    More threads than cores wait for each other at every operator. It is read once, at import.
    """
    cores = cores or os.cpu_count() or 1
    os.environ.setdefault(VARIABLE, str(max(1, cores - LOADER_WORKERS)))


def asked_threads() -> int:
    """What the user has set; 0 if nothing. ONNX Runtime itself does not read the variable."""
    text = os.environ.get(VARIABLE, '')
    return int(text) if text.isdecimal() else 0


def keep_freed_memory() -> bool:
    """Let this process keep what it frees, for what it allocates next: glibc alone.

    Otherwise each large tensor comes as fresh pages, which the kernel clears one by one. Tensors of
    more than 32 MB still do. The most memory that the process takes stays the same.

    Returns:
        Whether the C library could be told.
    """
    if sys.platform != 'linux':
        return False
    mallopt = getattr(ctypes.CDLL(None), 'mallopt', None)
    return mallopt is not None and all(
        mallopt(setting, value) == 1
        for setting, value in (
            (M_MMAP_THRESHOLD, LARGEST_OF_HEAP),
            (M_TRIM_THRESHOLD, NEVER_TRIM),
        )
    )


def silence_opencv() -> None:
    """Keep OpenCV and its FFmpeg from writing to stderr: what is wrong is told by `UserError`.

    For this process, before its first video.
    """
    import cv2

    os.environ.setdefault('OPENCV_FFMPEG_LOGLEVEL', '-8')  # AV_LOG_QUIET
    # Newer ones keep it elsewhere.
    set_level = getattr(cv2, 'setLogLevel', None) or cv2.utils.logging.setLogLevel
    set_level(SILENT)
