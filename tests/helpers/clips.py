"""Small videos drawn here: frames at any times, a light and a tone that come on together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from helpers.blob_model import picture_with_spots

CLOCK = 1000  # ticks a second of the drawn videos
RATE = 48_000  # of the sound
SIZE = (120, 160)  # height, width
CODECS = {'.webm': ('libvpx', 'libopus'), '.avi': ('mjpeg', 'mp2'), '.ts': ('libx264', 'aac')}


@dataclass(frozen=True)
class Clip:
    """What to draw.

    times: of the frames, s. pulses: (on, off) times of light and tone, s. sizes: height and width
    of each frame, if they differ. turn, mirror: how it is to be shown. sound: from when until when.
    """

    times: Sequence[float]
    pulses: Sequence[tuple[float, float]] = ()
    size: tuple[int, int] = SIZE
    turn: int = 0
    mirror: bool = False
    sound: tuple[float, float] | None = None

    def frame(self, time: float) -> np.ndarray:
        """A face's spot that sways, and a light in the lower left corner."""
        x = self.size[1] / 2 + 20 * np.sin(time)
        image = picture_with_spots([(x, self.size[0] / 3)], radius=14, shape=self.size)
        is_lit = any(on <= time + 1e-6 < off for on, off in self.pulses)
        image[-32:, :32] = 255 if is_lit else 0
        return image

    def tone(self, index: np.ndarray) -> np.ndarray:
        """Samples by their numbers, int16."""
        time = index / RATE
        heard = np.zeros(len(index), bool)
        for on, off in self.pulses:
            heard |= (on <= time) & (time < off)
        return (heard * 12_000 * np.sin(2 * np.pi * 800 * time)).astype(np.int16)


def write(path: Path, clip: Clip, options: dict[str, str] | None = None) -> Path:
    """Encode a clip; the suffix chooses container and codecs."""
    picture, sound = CODECS.get(path.suffix, ('libx264', 'aac'))
    with av.open(str(path), 'w', options=options or {}) as out:
        quick = {'deadline': 'realtime'} if picture == 'libvpx' else {'preset': 'ultrafast'}
        video = out.add_stream(picture, rate=CLOCK, options={} if picture == 'mjpeg' else quick)
        video.height, video.width = clip.size
        video.pix_fmt = 'yuvj420p' if picture == 'mjpeg' else 'yuv420p'
        if any(side % 2 for side in clip.size):
            video.pix_fmt = 'yuv444p'
        if clip.turn or clip.mirror:
            video.set_display_rotation(clip.turn, hflip=clip.mirror)
        audio = out.add_stream(sound, rate=RATE, layout='mono') if clip.sound else None
        for time in clip.times:
            frame = av.VideoFrame.from_ndarray(clip.frame(time), format='bgr24')
            frame.pts, frame.time_base = round(time * CLOCK), Fraction(1, CLOCK)
            out.mux(video.encode(frame))
        out.mux(video.encode(None))
        if audio:
            write_sound(out, audio, clip)
    return path


def write_sound(
    out: av.container.OutputContainer, audio: av.AudioStream, clip: Clip, size: int = 960
) -> None:
    start, end = (round(second * RATE) for second in clip.sound)
    resample = av.AudioResampler(audio.format, audio.layout, RATE, audio.frame_size or size)
    for first in range(start, end, size):
        samples = clip.tone(np.arange(first, min(first + size, end)))
        frame = av.AudioFrame.from_ndarray(samples[None], format='s16', layout='mono')
        frame.sample_rate, frame.pts, frame.time_base = RATE, first, Fraction(1, RATE)
        for ready in resample.resample(frame):
            out.mux(audio.encode(ready))
    for ready in resample.resample(None):
        out.mux(audio.encode(ready))
    out.mux(audio.encode(None))


def lights(path: Path) -> list[float]:
    """When the light goes on, s, by the file's own times; read with PyAV alone."""
    on, was_lit = [], False
    with av.open(str(path)) as container:
        start = (container.start_time or 0) / av.time_base
        for frame in container.decode(video=0):
            grey = frame.to_ndarray(format='gray')
            is_lit = grey[-24:-8, 8:24].mean() > 128
            if is_lit and not was_lit:
                on.append(frame.time - start)
            was_lit = is_lit
    return on


def tones(path: Path) -> list[float]:
    """When the tone goes on, s; after 50 ms of silence at the least."""
    loud = []
    with av.open(str(path)) as container:
        start = (container.start_time or 0) / av.time_base
        resample = av.AudioResampler('flt', 'mono', RATE)
        for frame in container.decode(audio=0):
            for ready in resample.resample(frame):
                samples = np.abs(ready.to_ndarray()[0])
                loud.append(ready.time - start + np.flatnonzero(samples > 0.1) / RATE)
    times = np.concatenate(loud)
    return [float(times[0]), *times[1:][np.diff(times) > 0.05].tolist()]


def lasts(path: Path, kind: str) -> float:
    """Until when the packets of `video` or `audio` reach, s.

    Matroska's packets have no duration where the header states no rate, as of streams that PyAV 17
    copies; when such a stream ends stands in its tag DURATION.
    """
    with av.open(str(path)) as container:
        (stream,) = getattr(container.streams, kind)
        start = (container.start_time or 0) / av.time_base
        packets = [packet for packet in container.demux(stream) if packet.size]
        end = float(max((p.pts + (p.duration or 0)) * p.time_base for p in packets))
        if not any(packet.duration for packet in packets) and 'DURATION' in stream.metadata:
            hours, minutes, seconds = map(float, stream.metadata['DURATION'].split(':'))
            end = 3600 * hours + 60 * minutes + seconds
    return end - start
