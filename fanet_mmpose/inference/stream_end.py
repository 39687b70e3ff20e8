"""What is missing of a file: pieces on the way, and the end where nothing says its length.

Transport streams and browsers' recordings write down neither a duration nor a number of frames.
Three things still show that their end is missing: half a packet, a last frame that could not be
decoded whole, and a frame that is missing among the last ones of a steady rate.
"""

from __future__ import annotations

from collections import deque
from pathlib import Path

from fanet_mmpose.inference.timeline import JUMP_BACK

PACKETS = {0: (188, 204), 4: (192,)}
"""Bytes of a transport stream's packet, by where its first sync byte stands."""

_SYNC = 0x47
_LAST = 4  # frames whose order the decoder may still have to find at a cut
_LEAST = 4  # equal gaps from which a rate is called steady
_STEADY = 0.25  # of a step, that gaps may differ
_BLAMED = 3  # packets before a join that FFmpeg may call damaged
_HOLE = 1.6  # steps between two frames from which one is missing


class StreamEnd:
    """Follows a file's frames, in order of time, to its end."""

    def __init__(self) -> None:
        self._times: deque[float] = deque(maxlen=_LAST + 1)
        self._damaged: deque[bool] = deque(maxlen=2)
        self._least, self._most = float('inf'), 0.0  # of the gaps before the last ones
        self._count = 0

    def add(self, time: float, damaged: bool) -> None:
        """Take the next frame: its time, s, and whether parts of it are missing."""
        self._damaged.append(damaged)
        if len(self._times) == self._times.maxlen:
            gap = self._times[1] - self._times[0]
            self._least, self._most = min(self._least, gap), max(self._most, gap)
        self._times.append(time)
        self._count += 1

    def is_cut(self) -> bool:
        """Whether the last frames show that more should follow."""
        if any(self._damaged):
            return True
        times = list(self._times)
        gaps = [after - before for before, after in zip(times, times[1:], strict=False)]
        early = max(0, self._count - 1 - len(gaps))
        usual = self._least if early else min(gaps, default=0.0)
        longest = (1 + _STEADY) * usual
        equal = early + sum(gap <= longest for gap in gaps)
        steady = equal >= _LEAST and self._most <= longest
        return steady and max(gaps) > _HOLE * usual


class Losses:
    """Counts pieces of a file that were lost, by what FFmpeg says of its packets.

    Where recordings were joined the count of packets breaks off and the time stamps begin anew:
    nothing is lost there. FFmpeg blames a packet shortly before.
    """

    def __init__(self) -> None:
        self._lost = 0
        self._last: dict[int, float] = {}
        self._suspects: dict[int, list[int]] = {}  # packets since each damaged one, by stream

    def add(self, stream: int, time: float | None, corrupt: bool) -> None:
        """Take a stream's next packet: its decoding time, s, and whether it is damaged."""
        joined = time is not None and time < self._last.get(stream, time) - JUMP_BACK
        ages = [] if joined else [age + 1 for age in self._suspects.get(stream, ())]
        self._lost += sum(age > _BLAMED for age in ages)
        self._suspects[stream] = [age for age in ages if age <= _BLAMED]
        if corrupt and not joined:
            self._suspects[stream].append(0)
        if time is not None:
            self._last[stream] = time

    @property
    def count(self) -> int:
        """Pieces that were lost so far."""
        return self._lost + sum(map(len, self._suspects.values()))


def has_half_packet(path: Path) -> bool:
    """Whether a transport stream ends within a packet."""
    with path.open('rb') as file:
        head = file.read(max(max(sizes) for sizes in PACKETS.values()) * 3 + 5)
    size = path.stat().st_size
    for start, lengths in PACKETS.items():
        for length in lengths:
            marks = head[start::length][:3]
            if len(marks) == 3 and set(marks) == {_SYNC}:
                return size % length != 0
    return False
