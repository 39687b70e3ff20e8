"""Frames into a video file, and whether they arrived."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from fanet_mmpose.errors import UserError

CODECS = {'.mp4': 'mp4v', '.avi': 'MJPG', '.mkv': 'mp4v', '.mov': 'mp4v'}


class VideoSink:
    """Writes frames to a file; a context that finishes it.

    Args:
        path: where to write; its suffix chooses the format.
        rate: frames per second.
        name: what to call the file in errors.

    Raises:
        UserError: by `write`, if OpenCV has no such codec; at the end, if the file is not whole.
    """

    def __init__(self, path: Path, rate: float, name: Path) -> None:
        self.path, self.rate, self.name = path, rate, name
        self._writer: cv2.VideoWriter | None = None
        self._written = 0

    def write(self, image: np.ndarray) -> None:
        """Append a frame; all have the size of the first."""
        if self._writer is None:
            code = cv2.VideoWriter_fourcc(*CODECS[self.path.suffix.lower()])
            size = image.shape[1], image.shape[0]
            self._writer = cv2.VideoWriter(str(self.path), code, self.rate, size)
            if not self._writer.isOpened():
                raise UserError(f'{self.name}: OpenCV cannot write this kind of video here')
        self._writer.write(image)
        self._written += 1

    def __enter__(self) -> VideoSink:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if self._writer is None:
            return
        self._writer.release()
        # OpenCV does not tell of a full disk: the file then lacks its index or its last frames.
        if kind is None and not _is_whole(self.path, self._written):
            raise UserError(f'{self.name}: could not be written whole, the disk may be full')


def _is_whole(path: Path, frames: int) -> bool:
    """Whether the last of so many frames can be read."""
    capture = cv2.VideoCapture(str(path))
    capture.set(cv2.CAP_PROP_POS_FRAMES, frames - 1)
    there = capture.isOpened() and capture.read()[0]
    capture.release()
    return there
