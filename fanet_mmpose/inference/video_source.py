"""Read videos and cameras with OpenCV, a frame at a time."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from fanet_mmpose.errors import UserError

USUAL_RATE = 25.0  # frames per second, where the file does not say
# A file may count a frame or two that no decoder returns; from this share on it is cut.
MISSING_SHARE = 0.05


@dataclass(frozen=True, eq=False)
class Frame:
    """One frame: its number, its time in seconds and its picture, uint8 [H, W, 3] blue first."""

    number: int
    time: float
    image: np.ndarray


class VideoSource:
    """Frames of a file, of a camera given by its number, or of a stream given by its address.

    Attributes:
        is_live: the source is no file.
        rate: frames per second.
        announced: frames that the file says it has; 0 where it does not say.
        complaint: after the last frame, a sentence about a file that was not read to its end, else
            None.

    Raises:
        UserError: there is no such file or camera, or it is no video.
    """

    def __init__(self, source: str | Path | int) -> None:
        self.name = str(source)
        is_camera = self.name.isdigit()
        self.is_live = is_camera or '://' in self.name
        self.complaint: str | None = None
        self._stopped = False
        if not self.is_live and not Path(self.name).is_file():
            raise UserError(f'{self.name}: there is no such video')
        self._capture = cv2.VideoCapture(int(self.name) if is_camera else self.name)
        if not self._capture.isOpened():
            if is_camera:
                raise UserError(
                    f'camera {self.name}: cannot be opened as a video, is it connected and free?'
                )
            raise UserError(f'{self.name}: cannot be opened as a video, it is damaged, cut or none')
        self.rate = self._capture.get(cv2.CAP_PROP_FPS) or USUAL_RATE
        self.announced = max(0, int(self._capture.get(cv2.CAP_PROP_FRAME_COUNT)))

    def stop(self) -> None:
        """Let the frame in work be the last one."""
        self._stopped = True

    def __iter__(self) -> Iterator[Frame]:
        """Frames in order; times are the file's own, of what is live those of their arrival.

        Raises:
            UserError: there is no frame.
        """
        number, last, start = 0, -1.0, time.monotonic()
        while not self._stopped:
            there, image = self._capture.read()
            if not there:
                break
            now = time.monotonic() - start if self.is_live else self._position()
            last = now if now > last else last + 1 / self.rate  # some files have no times
            yield Frame(number, last, image)
            number += 1
        self._capture.release()
        if not number:
            raise UserError(f'{self.name}: there is no frame in this video')
        self.complaint = self._complain(number)

    def _position(self) -> float:
        return self._capture.get(cv2.CAP_PROP_POS_MSEC) / 1000

    def _complain(self, read: int) -> str | None:
        if self.is_live or read >= self.announced * (1 - MISSING_SHARE):
            return None
        what = 'was stopped' if self._stopped else 'is cut'
        return (
            f'{self.name}: {what}, {read} of {self.announced} frames could be read; the output '
            'holds those'
        )
