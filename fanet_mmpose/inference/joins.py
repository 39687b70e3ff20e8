"""Where recordings were strung together in one file: what to add to the time stamps of each part.

In a transport stream, and in nothing else that is common, parts are joined by joining their bytes,
and each begins its time stamps anew. Picture and sound of a part end at different times. If each
went on where it ended itself, they would drift apart by that much at every join.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import av

from fanet_mmpose.inference.timeline import JUMP_BACK

JOINABLE = ('mpegts', 'mpeg')


@dataclass
class _Part:
    """First and last moment of one part, over all of its streams, s."""

    start: float = float('inf')
    end: float = float('-inf')


@dataclass
class _Stream:
    """How far one stream was followed: its part, and its last decoding time, s."""

    part: int = 0
    last: float = field(default=float('-inf'))


def shifts_of_parts(container: av.container.InputContainer, step: float) -> list[float]:
    """What to add to the stamps of each part after the first, s, so that the file's time goes on.

    The container is read to its end. Empty where stamps never begin anew, or cannot.

    Args:
        container: of sound and pictures.
        step: how long a packet lasts that does not say it, s.
    """
    if container.format.name not in JOINABLE:
        return []
    parts, streams = [_Part()], {}
    try:
        for packet in container.demux(*container.streams.video, *container.streams.audio):
            if packet.dts is not None and packet.size:
                _follow(packet, step, parts, streams.setdefault(packet.stream.index, _Stream()))
    except av.FFmpegError:
        pass  # what is wrong with the file is said where it is decoded
    shifts: list[float] = []
    origin = parts[0].start
    end = parts[0].end - origin
    for part in parts[1:]:
        shifts.append(end - part.start)
        end += part.end - part.start
    return shifts


def _follow(packet: av.Packet, step: float, parts: list[_Part], stream: _Stream) -> None:
    unit = float(packet.time_base)
    time = packet.dts * unit
    if time < stream.last - JUMP_BACK:
        stream.part += 1
        if stream.part == len(parts):
            parts.append(_Part())
    stream.last, part = time, parts[stream.part]
    shown = time if packet.pts is None else packet.pts * unit
    part.start = min(part.start, shown)
    part.end = max(part.end, shown + (packet.duration * unit if packet.duration else step))
