"""Files that say nothing of their length: cut, damaged, or joined."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from fanet_mmpose.inference.stream_end import Losses, StreamEnd, has_half_packet


def end_of(times: np.ndarray, damaged: tuple[int, ...] = ()) -> bool:
    end = StreamEnd()
    for i, time in enumerate(times):
        end.add(float(time), i - len(times) in damaged)
    return end.is_cut()


STEADY = np.arange(40) / 25


@pytest.mark.parametrize(
    ('times', 'damaged', 'cut'),
    [
        (STEADY, (), False),
        (STEADY, (-1,), True),
        (STEADY, (-30,), False),  # a recording that began between two key frames
        (np.delete(STEADY, -2), (), True),
        (np.delete(STEADY, 20), (), False),
        (np.delete(STEADY, [20, -2]), (), False),  # a rate that varies
        (STEADY[[0, 1, 2, 3, 4, 8]], (), True),
        (STEADY[[0, 1, 2, 3, 5]], (), False),  # too short to say
        (STEADY[:1], (), False),
    ],
)
def test_the_last_frames_show_a_cut(times: np.ndarray, damaged: tuple[int, ...], cut: bool) -> None:
    assert end_of(times, damaged) is cut


@pytest.mark.parametrize(('start', 'length'), [(0, 188), (4, 192), (0, 204)])
def test_half_a_packet(start: int, length: int, tmp_path: Path) -> None:
    packet = bytearray(length)
    packet[start] = 0x47
    path = tmp_path / 'a.ts'
    path.write_bytes(packet * 9)
    assert not has_half_packet(path)
    path.write_bytes((packet * 9)[:-50])
    assert has_half_packet(path)
    path.write_bytes(bytes(1000))
    assert not has_half_packet(path)


def test_a_join_is_no_loss() -> None:
    joined, damaged = Losses(), Losses()
    for part in range(3):
        for i in range(20):
            joined.add(0, i / 25, corrupt=i == 18)
            damaged.add(0, (i + 20 * part) / 25, corrupt=i == 18)
    assert joined.count == 1 and damaged.count == 3  # the last one has no join after it
