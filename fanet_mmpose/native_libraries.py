"""Libraries below Python: how many threads they compute with, and what they may print.

Imports nothing heavy: threads are set before NumPy and PyTorch are imported.
"""

from __future__ import annotations

import os

LOADER_WORKERS = 2  # what our recipes start
VARIABLE = 'OMP_NUM_THREADS'
SILENT = 0


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


def silence_opencv() -> None:
    """Keep OpenCV and its FFmpeg from writing to stderr: what is wrong is told by `UserError`.

    For this process, before its first video.
    """
    import cv2

    os.environ.setdefault('OPENCV_FFMPEG_LOGLEVEL', '-8')  # AV_LOG_QUIET
    # Newer ones keep it elsewhere.
    set_level = getattr(cv2, 'setLogLevel', None) or cv2.utils.logging.setLogLevel
    set_level(SILENT)
