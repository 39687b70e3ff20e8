"""Read a video file with PyAV: every frame upright, of one size, at its own time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from pathlib import Path

import av
import cv2
import numpy as np

from fanet_mmpose.inference.joins import shifts_of_parts
from fanet_mmpose.inference.stream_end import Losses, StreamEnd, has_half_packet
from fanet_mmpose.inference.timeline import JUMP_BACK, Timeline

PROBED = 200  # frames whose times tell the rate; decoding is not needed
COUNTED = 'mov'  # also mp4: its index counts the frames; AVI's counts empty ones, too
DATED = (COUNTED, 'avi', 'matroska', 'flv', 'asf')  # formats that write down how long they last
# An index may count a frame or two too many, a duration may be rounded: below this nothing is cut.
MISSING_SHARE, MISSING_TIME = 0.05, 0.5
FINEST = 1000  # ticks a second that an AVI can be asked for
MAX_MEGAPIXELS = 100  # of a frame; cinema cameras of 12K have 80
ONLY_FILES = {'protocol_whitelist': 'file'}  # a playlist must not open addresses


class NoPictureError(Exception):
    """A file without a picture, as a song."""


@dataclass(frozen=True, eq=False)
class Picture:
    """One frame of a file: s since the file's start, s it stays, uint8 [H, W, 3]."""

    time: float
    duration: float
    image: np.ndarray


class TooLargeError(Exception):
    """A file whose pictures are larger than `MAX_MEGAPIXELS`."""


def address(path: Path) -> str:
    """A file for FFmpeg, which takes what stands before a colon for a protocol."""
    return f'file:{path}'


def open_file(path: Path) -> av.container.InputContainer:
    """The container; addresses inside of it are not followed. Raises `av.FFmpegError`."""
    return av.open(address(path), options=ONLY_FILES, metadata_errors='ignore')


def start_of(container: av.container.InputContainer) -> float:
    """When the first of all streams begins, s; sound and picture are both counted from there."""
    return (container.start_time or 0) / av.time_base


def part_shifts(path: Path) -> list[float]:
    """What to add to the time stamps of recordings that were joined, see `joins`."""
    with open_file(path) as container:
        return shifts_of_parts(container, _probe_rate(path)[1])


class VideoFile:
    """The frames of a video file and what it says about itself.

    Attributes:
        rate: frames a second over the first `PROBED` frames, by time; 0 if there are none.
        grid: ticks a second on which the times lie, at most `FINEST`.
        aspect: width of a pixel by its height, as shown.
        announced: frames that the file says it has, by its index, else by its duration; 0: unknown.
        resized: a frame had another size than the first, and was fitted into that.

    Raises:
        av.FFmpegError: it cannot be opened.
        NoPictureError: it has no moving picture, or one that FFmpeg has no decoder for.
        TooLargeError: its pictures are larger than `MAX_MEGAPIXELS`; later ones are passed over.
    """

    def __init__(self, path: Path) -> None:
        self._path, (self.rate, self._step) = path, _probe_rate(path)
        self._container = open_file(path)
        self._video = _picture_stream(self._container)
        if is_too_large(self._video):
            raise TooLargeError(f'{self._video.width}×{self._video.height}')
        self._video.thread_type = 'AUTO'
        self.grid = min(FINEST, round(self._video.base_rate or 0) or FINEST)
        self.aspect = self._video.sample_aspect_ratio or Fraction(1)
        self.resized = False
        name, seconds = self._container.format.name, (self._container.duration or 0) / av.time_base
        if name == 'avi':  # FFmpeg shortens its duration by what the file lacks
            seconds = float(self._video.frames * self._video.time_base)
        self._indexed = self._video.frames if name.startswith(COUNTED) else 0
        self._seconds = max(0.0, seconds) if name.startswith(DATED) else 0.0
        self.announced = self._indexed or round(max(0.0, seconds) * self.rate)
        self._packets, self._lost, self._reached = 0, 0, 0.0
        self._end, self._losses = StreamEnd(), Losses()
        self._size: tuple[int, int] | None = None

    def __iter__(self) -> Iterator[Picture]:
        """Frames in order of time; what cannot be decoded is passed over and counted."""
        step = self._step
        clock = Timeline(start_of(self._container), step, part_shifts(self._path))
        with self._container:
            for frame in self._decoded():
                unit = float(frame.time_base)
                time = clock(None if frame.pts is None else frame.pts * unit)
                self._end.add(time, frame.is_corrupt)
                image = self._fitted(_upright(frame))
                stays = (frame.duration or 0) * unit
                # Without a rate in the file's header FFmpeg calls a tick of the clock a duration.
                yield Picture(time, stays if stays > step / 2 else step, image)

    def close(self) -> None:
        """Let the file go before its end."""
        self._container.close()

    def missing(self, frames: int) -> str | None:
        """What is missing of a file that was read to its end, of which `frames` came out."""
        if self._indexed and self._packets < self._indexed * (1 - MISSING_SHARE):
            return f'is cut, {frames} of {self._indexed} frames could be read'
        short = self._seconds - self._reached
        if short > max(MISSING_TIME, MISSING_SHARE * self._seconds):
            told = f'{self._reached:.1f} of {self._seconds:.1f} s'
            return f'is cut, {told} ({frames} frames) could be read'
        if not (self._indexed or self._seconds) and (
            self._end.is_cut() or has_half_packet(self._path)
        ):
            return f'is cut, {frames} frames could be read'
        lost = self._lost + self._losses.count
        if lost:
            return f'is damaged, {lost} pieces of it were lost and {frames} frames read'
        return None

    def _decoded(self) -> Iterator[av.VideoFrame]:
        packets = self._container.demux()
        while True:
            try:
                packet = next(packets, None)
            except av.FFmpegError:
                self._lost += 1
                return
            if packet is None:
                return
            self._note(packet)
            if packet.stream.index == self._video.index:
                yield from self._frames_of(packet)

    def _frames_of(self, packet: av.Packet) -> list[av.VideoFrame]:
        try:
            frames = packet.decode()
        except av.FFmpegError:
            self._lost += 1
            return []
        kept = [frame for frame in frames if not is_too_large(frame)]
        self._lost += len(frames) - len(kept)
        return kept

    def _note(self, packet: av.Packet) -> None:
        """How far the file goes; all streams count, as the duration is that of the longest."""
        self._packets += packet.stream.index == self._video.index and packet.size > 0
        decoded = None if packet.dts is None else packet.dts * float(packet.time_base)
        if packet.size:
            self._losses.add(packet.stream.index, decoded, bool(packet.is_corrupt))
        stamp = packet.pts if packet.pts is not None else packet.dts
        if stamp is not None and packet.size:
            end = (stamp + (packet.duration or 0)) * float(packet.time_base)
            self._reached = max(self._reached, end - start_of(self._container))

    def _fitted(self, image: np.ndarray) -> np.ndarray:
        if self._size is None:
            self._size = image.shape[:2]
            if image.shape[0] == self._video.width != self._video.height:
                self.aspect = 1 / self.aspect
        if image.shape[:2] == self._size:
            return image
        self.resized = True
        return letterbox(image, *self._size)


def is_too_large(picture: av.VideoStream | av.VideoFrame) -> bool:
    """Whether a frame, or the frames of a stream, are larger than `MAX_MEGAPIXELS`."""
    return picture.width * picture.height > MAX_MEGAPIXELS * 1_000_000


def letterbox(image: np.ndarray, height: int, width: int) -> np.ndarray:
    """Scale a picture [H, W, 3] to fit into height × width px, in the middle of black bars."""
    scale = min(height / image.shape[0], width / image.shape[1])
    size = max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale))
    small = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    top, left = (height - small.shape[0]) // 2, (width - small.shape[1]) // 2
    out = np.zeros((height, width, 3), np.uint8)
    out[top : top + small.shape[0], left : left + small.shape[1]] = small
    return out


def turn(image: np.ndarray, matrix: np.ndarray) -> np.ndarray:
    """A picture as a display matrix [3, 3] shows it: quarter turns and mirrors; else unchanged.

    A pixel x, y is shown at (a x + c y, b x + d y), where a, b and c, d begin the first two rows
    (ISO/IEC 14496-12, 6.2.2).
    """
    (a, b), (c, d) = matrix[:2, :2]
    if a == d == 0:
        image, across, down = image.transpose(1, 0, 2), c, b
    elif b == c == 0:
        across, down = a, d
    else:
        return image
    image = image[:, ::-1] if across < 0 else image
    return np.ascontiguousarray(image[::-1] if down < 0 else image)


def _upright(frame: av.VideoFrame) -> np.ndarray:
    image = frame.to_ndarray(format='bgr24')
    for data in frame.side_data.keys():  # noqa: SIM118
        if data.type.name == 'DISPLAYMATRIX':
            return turn(image, np.frombuffer(data, np.int32).reshape(3, 3))
    return image


def _picture_stream(container: av.container.InputContainer) -> av.VideoStream:
    """The first moving picture, not the cover of a song."""
    moving = [
        stream
        for stream in container.streams.video
        if not stream.disposition & av.stream.Disposition.attached_pic
    ]
    if not moving or moving[0].codec_context is None:
        raise NoPictureError
    return moving[0]


def _probe_rate(path: Path) -> tuple[float, float]:
    """Frames a second by the first packets' times, and s between most: headers may hold a clock's.

    The mean rate is 0 where there are no frames; a pause changes it and not the time between most.
    """
    with open_file(path) as container:
        stream = _picture_stream(container)
        parts, last = [[]], float('-inf')
        with suppress(av.FFmpegError):
            for packet in islice(container.demux(stream), PROBED):
                if packet.pts is not None and packet.size:
                    time = packet.pts * float(packet.time_base)
                    if time < last - 2 * JUMP_BACK:  # frames are reordered by less
                        parts.append([])
                    parts[-1].append(time)
                    last = time
        gaps = np.concatenate([np.diff(np.sort(times)) for times in parts])
        if not gaps.any():
            rate = float(stream.average_rate or 0)
            return rate, 1 / rate if rate else 0.04
        return len(gaps) / float(gaps.sum()), float(np.median(gaps[gaps > 0]))
