"""Keep OpenCV and its FFmpeg from writing to stderr."""

from __future__ import annotations

import os

import cv2

SILENT = 0


def silence_opencv() -> None:
    """For this process, before its first video: what is wrong is told by `UserError`."""
    os.environ.setdefault('OPENCV_FFMPEG_LOGLEVEL', '-8')  # AV_LOG_QUIET
    # Newer ones keep it elsewhere.
    set_level = getattr(cv2, 'setLogLevel', None) or cv2.utils.logging.setLogLevel
    set_level(SILENT)
