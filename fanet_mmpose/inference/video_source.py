"""Frames of videos, cameras and streams under one roof."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from fanet_mmpose.errors import UserError
from fanet_mmpose.inference.live_source import LiveSource

if TYPE_CHECKING:
    from fanet_mmpose.inference.video_file import VideoFile

USUAL_RATE = 25.0  # frames per second, where the source does not say
LIVE_GRID = 100  # ticks per second: arrival is no more exact


@dataclass(frozen=True, eq=False)
class Frame:
    """One frame.

    Its number, its time in s, its picture, uint8 [H, W, 3] blue first, and the s it is shown (0:
    until the next).
    """

    number: int
    time: float
    image: np.ndarray
    duration: float = 0.0


class VideoSource:
    """Frames of a file, of a camera given by its number, or of a stream given by its address.

    All have the size of the first.

    Attributes:
        is_live: the source is no file.
        rate: frames per second, the mean.
        grid: ticks per second on which the times lie.
        aspect: width of a pixel by its height.
        announced: frames that the file says it has, perhaps by its duration; 0: it does not say.
        complaint: after the last frame, a sentence about a file that was not read to its end, else
            None.
        note: after the last frame, a sentence about frames that were scaled, else None.
        end: after the last frame, until when frames were read if they were stopped, s, else None.

    Raises:
        UserError: there is no such file or camera, it is no video, or PyAV is missing.
    """

    def __init__(self, source: str | Path | int) -> None:
        self.name = str(source)
        is_camera = self.name.isdigit()
        self.is_live = is_camera or '://' in self.name
        self.complaint: str | None = None
        self.note: str | None = None
        self.end: float | None = None
        self._stopped = False
        self._source = _open_live(self.name) if self.is_live else _open_file(self.name)
        self.rate = self._source.rate or USUAL_RATE
        self.grid = LIVE_GRID if self.is_live else self._source.grid
        self.announced = 0 if self.is_live else self._source.announced

    @property
    def aspect(self) -> Fraction:
        """Known exactly from the first frame on: a turned video's is turned, too."""
        return Fraction(1) if self.is_live else self._source.aspect

    def stop(self) -> None:
        """Let the frame in work be the last one."""
        self._stopped = True

    def __iter__(self) -> Iterator[Frame]:
        """Frames in order; times are the file's own, of what is live those of their arrival.

        Raises:
            UserError: there is no frame.
        """
        count, end = 0, 0.0
        frames = self._live_frames() if self.is_live else self._file_frames()
        for frame in frames:
            yield frame
            count, end = count + 1, frame.time + (frame.duration or 1 / self.rate)
            if self._stopped:
                self.end = end
                break
        self._source.close()
        if not count:
            raise UserError(f'{self.name}: there is no frame in this video')
        if not self.is_live:
            self._judge(self._source, count)

    def _live_frames(self) -> Iterator[Frame]:
        last = -1.0
        for number, (now, image) in enumerate(self._source):
            last = now if now > last else last + 1 / self.rate  # two within the clock's tick
            yield Frame(number, last, image)

    def _file_frames(self) -> Iterator[Frame]:
        for number, picture in enumerate(self._source):
            yield Frame(number, picture.time, picture.image, picture.duration)

    def _judge(self, file: VideoFile, count: int) -> None:
        if self._stopped:
            of = f'{count} of {self.announced} frames' if self.announced else f'{count} frames'
            what: str | None = f'was stopped, {of} were read'
        else:
            what = file.missing(count)
        self.complaint = f'{self.name}: {what}; the output holds those' if what else None
        if file.resized:
            self.note = (
                f'{self.name}: its frames change their size; all were scaled to that of the first, '
                'and so are the points'
            )


def _open_live(name: str) -> LiveSource:
    is_camera = name.isdigit()
    try:
        return LiveSource(int(name) if is_camera else name)
    except ConnectionError as error:
        what, hint = ('camera ', ', is it connected and free?') if is_camera else ('', '')
        raise UserError(f'{what}{name}: cannot be opened as a video{hint}') from error


def _open_file(name: str) -> VideoFile:
    if not Path(name).is_file():
        raise UserError(f'{name}: there is no such video')
    try:
        from av import FFmpegError

        from fanet_mmpose.inference.video_file import (
            MAX_MEGAPIXELS,
            NoPictureError,
            TooLargeError,
            VideoFile,
        )
    except ImportError as error:
        raise UserError(f'{name}: video files need PyAV: pip install av') from error
    try:
        return VideoFile(Path(name))
    except NoPictureError as error:
        raise UserError(f'{name}: there is no moving picture in it that can be read') from error
    except TooLargeError as error:
        raise UserError(
            f'{name}: its pictures have {error} px, more than {MAX_MEGAPIXELS} megapixels: scale '
            'it down before'
        ) from error
    except (PermissionError, BlockingIOError) as error:
        raise UserError(f'{name}: cannot be read ({error.strerror})') from error
    except FFmpegError as error:
        raise UserError(
            f'{name}: cannot be opened as a video, it is damaged, cut or none'
        ) from error
