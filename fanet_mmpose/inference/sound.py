"""Sound from one video file into another, packet by packet, at its own times."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import av

from fanet_mmpose.errors import UserError
from fanet_mmpose.files import replacing
from fanet_mmpose.inference.timeline import Timeline
from fanet_mmpose.inference.video_file import address, open_file, part_shifts, start_of
from fanet_mmpose.inference.video_sink import FORMATS

EARLY = 0.04  # s; a frame, by which sound may be early in an AVI


def carry_sound(source: Path, video: Path, end: float | None = None) -> str | None:
    """Put the sound of `source` into `video`; neither is encoded anew.

    Both times are counted from where the source's first stream begins.

    Args:
        source: a video, with or without sound.
        video: is replaced by one with the sound; is left as it is where that is impossible.
        end: sound from here on is left out, s.

    Returns:
        Why there is no sound, in one sentence; None if it was copied or there was none.
    """
    try:
        with open_file(source) as sounding:
            if sounding.streams.audio:
                shifts = part_shifts(source)
                with replacing(video) as both:
                    _join(video, sounding, both, shifts, end)
    except (av.FFmpegError, UserError, ValueError) as error:
        why = getattr(error, 'strerror', None) or error
        return f'the sound is left out: {video.suffix} cannot hold it ({why})'
    return None


def _join(
    video: Path,
    sounding: av.container.InputContainer,
    both: Path,
    shifts: Sequence[float],
    end: float | None,
) -> None:
    kind = FORMATS[video.suffix.lower()]
    with av.open(address(video)) as silent, av.open(address(both), 'w', format=kind) as out:
        streams = {
            id(stream): out.add_stream_from_template(stream)
            for stream in (silent.streams.video[0], *sounding.streams.audio)
        }
        start = start_of(sounding)
        clocks = {s.index: Timeline(start, 0.0, shifts) for s in sounding.streams.audio}
        picture = _timed(silent, {silent.streams.video[0].index: Timeline(0.0, 0.0)}, None)
        sound = _timed(sounding, clocks, end)
        if kind == 'avi':
            sound = _from_the_start(sound)
        for _, packet in heapq.merge(picture, sound, key=lambda item: item[0]):
            packet.stream = streams[id(packet.stream)]
            out.mux(packet)


def _from_the_start(sound: Iterator[tuple[float, av.Packet]]) -> Iterator[tuple[float, av.Packet]]:
    """The same packets. Raises `ValueError` if they begin late: AVI has no times."""
    for number, (time, packet) in enumerate(sound):
        if number == 0 and time > EARLY:
            raise ValueError(f'it begins after {time:.2f} s')
        yield time, packet


def _timed(
    container: av.container.InputContainer, clocks: Mapping[int, Timeline], end: float | None
) -> Iterator[tuple[float, av.Packet]]:
    """Packets of the streams with a clock and their decoding times, s."""
    for packet in container.demux([container.streams[index] for index in clocks]):
        if packet.dts is None:  # the end mark
            continue
        unit, clock = float(packet.time_base), clocks[packet.stream.index]
        time = clock(packet.dts * unit, (packet.duration or 0) * unit)
        if end is not None and time >= end:
            continue
        shift = round(clock.shift / unit)
        packet.dts += shift
        packet.pts = None if packet.pts is None else packet.pts + shift
        yield time, packet
