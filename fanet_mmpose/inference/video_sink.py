"""Frames into a video file, each at its time, and whether they arrived."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from fanet_mmpose.errors import UserError
from fanet_mmpose.inference.video_file import address

FORMATS = {'.mp4': 'mp4', '.avi': 'avi', '.mkv': 'matroska', '.mov': 'mov'}
TICKS = 60_000  # per second: frames of 24, 25, 30, 60, 30000/1001 fall on it, as do ms
# H.264 plays everywhere; builds of PyAV without x264 have MPEG-4 part 2.
X264 = {'preset': 'veryfast', 'crf': '18', 'bf': '0'}  # bf: frames in order, so no edit lists
MAX_RATE = Fraction(1000)  # a hint for the encoder
LONGEST = 2**31 - 1  # ticks of a frame in MP4 and QuickTime
HD = 720  # rows from which players take colours for BT.709, below for BT.601
BT709, BT601 = 1, 6  # AVColorSpace, AVColorPrimaries and AVColorTransferCharacteristic alike


class VideoSink:
    """Writes frames to a file; a context that finishes it.

    Args:
        path: where to write; its suffix chooses the format.
        rate: frames per second, a hint for the encoder and for players: the times rule.
        name: what to call the file in errors.
        grid: ticks per second, for AVI alone, which has no times: a pause is empty frames.

    Raises:
        UserError: when a frame cannot be written; at the end, if the file is not whole.
    """

    def __init__(self, path: Path, rate: float, name: Path, grid: float | None = None) -> None:
        self.path, self.rate, self.name = path, rate, name
        self._is_avi = path.suffix.lower() == '.avi'
        self._ticks = round(grid or rate) if self._is_avi else TICKS
        self._container: av.container.OutputContainer | None = None
        self._durations: dict[int, int] = {}
        self._last = -1

    def write(
        self, image: np.ndarray, time: float, duration: float = 0.0, aspect: Fraction | None = None
    ) -> None:
        """Append a frame.

        Args:
            image: uint8 [H, W, 3], blue first; all have the size of the first.
            time: s since the file's start; it rises.
            duration: s it is shown; matters for the last one.
            aspect: width of a pixel by its height, read with the first frame.
        """
        try:
            if self._container is None:
                self._open(image.shape[0], image.shape[1], aspect or Fraction(1))
            before, self._last = self._last, max(self._last + 1, round(time * self._ticks))
            self._check_pause(self._last - before)
            self._durations[self._last] = round(duration * self._ticks)
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(image), format='bgr24')
            frame = frame.reformat(format=self._stream.pix_fmt, dst_colorspace=self._colours)
            frame.pts, frame.time_base = self._last, Fraction(1, self._ticks)
            self._mux(self._stream.encode(frame))
        except (av.FFmpegError, OSError, ValueError) as error:
            raise self._not_whole() from error

    def _open(self, height: int, width: int, aspect: Fraction) -> None:
        self._container = av.open(address(self.path), 'w', format=FORMATS[self.path.suffix.lower()])
        h264 = not self._is_avi and 'libx264' in av.codecs_available
        codec = 'libx264' if h264 else 'mjpeg' if self._is_avi else 'mpeg4'
        rate = min(MAX_RATE, Fraction(self.rate).limit_denominator(1001) or Fraction(1, 1001))
        stream = self._container.add_stream(codec, rate, options=X264 if h264 else {})
        stream.width, stream.height = width, height
        odd = width % 2 or height % 2
        stream.pix_fmt = 'yuvj420p' if self._is_avi else 'yuv444p' if h264 and odd else 'yuv420p'
        context = stream.codec_context
        context.time_base = Fraction(1, self._ticks)
        if self._is_avi:
            context.framerate = Fraction(self._ticks)
            context.qmin = context.qmax = 2
        context.sample_aspect_ratio = aspect
        self._colours = BT709 if height >= HD else BT601
        context.colorspace = context.color_primaries = context.color_trc = self._colours
        self._stream = stream

    def _check_pause(self, ticks: int) -> None:
        if ticks > LONGEST and FORMATS[self.path.suffix.lower()] in ('mp4', 'mov'):
            hours = ticks / self._ticks / 3600
            raise UserError(
                f'{self.name}: {hours:.0f} hours lie between two frames, more than '
                f'{self.path.suffix} can hold: write an .mkv'
            )

    def _mux(self, packets: list[av.Packet]) -> None:
        for packet in packets:
            duration = self._durations.pop(packet.pts, 0)
            if duration and not self._is_avi:
                packet.duration = duration
            self._container.mux(packet)

    def __enter__(self) -> VideoSink:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if self._container is None:
            return
        try:
            if kind is None:
                self._mux(self._stream.encode(None))
            self._container.close()
        except (av.FFmpegError, OSError, ValueError) as error:
            if kind is None:
                raise self._not_whole() from error
        if kind is None and not _is_whole(self.path, self._last / self._ticks):
            raise self._not_whole()

    def _not_whole(self) -> UserError:
        return UserError(f'{self.name}: could not be written whole, the disk may be full')


def _is_whole(path: Path, last: float) -> bool:
    """Whether a frame at this time, s, is the last that the file holds."""
    try:
        with av.open(address(path)) as container:
            container.seek(max(0, round((last - 1) * av.time_base)))
            video = container.streams.video[0]
            stamps = [packet.pts for packet in container.demux(video) if packet.size]
            return bool(stamps) and max(stamps) * video.time_base > last - 2e-3
    except (av.FFmpegError, OSError, LookupError):
        return False
