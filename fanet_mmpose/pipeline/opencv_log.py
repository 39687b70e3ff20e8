"""Keep OpenCV and its FFmpeg from writing to stderr."""

from __future__ import annotations

import os

import cv2


def silence_opencv() -> None:
    """For this process, before its first video: what is wrong is told by `UserError`."""
    os.environ.setdefault('OPENCV_FFMPEG_LOGLEVEL', '-8')  # AV_LOG_QUIET
    cv2.setLogLevel(0)
