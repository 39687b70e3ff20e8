"""Read a camera or a stream with OpenCV, a frame at a time."""

from __future__ import annotations

import time
from collections.abc import Iterator

import cv2
import numpy as np


class LiveSource:
    """Frames of a camera by its number, or of a stream by its address, at the time of arrival.

    Attributes:
        rate: frames per second, 0 where it is unknown.

    Raises:
        ConnectionError: it cannot be opened.
    """

    def __init__(self, source: int | str) -> None:
        self._capture = cv2.VideoCapture(source)
        if not self._capture.isOpened():
            raise ConnectionError(source)
        self.rate = float(self._capture.get(cv2.CAP_PROP_FPS))

    def __iter__(self) -> Iterator[tuple[float, np.ndarray]]:
        """Seconds since the start and uint8 [H, W, 3], blue first."""
        start = time.monotonic()
        while True:
            there, image = self._capture.read()
            if not there:
                return
            yield time.monotonic() - start, image

    def close(self) -> None:
        """Let the camera go."""
        self._capture.release()
