"""Times rise, whatever the stamps do."""

from __future__ import annotations

import pytest

from fanet_mmpose.inference.timeline import TICK, Timeline


@pytest.mark.parametrize(
    ('stamps', 'times'),
    [
        ([5.0, 5.1, 9.0], [0.0, 0.1, 4.0]),  # a hole stays
        ([5.0, None, 5.1], [0.0, 0.04, 0.1]),  # none is a step after the last
        ([None, None], [0.0, 0.04]),
        ([5.0, 5.0, 5.1], [0.0, TICK, 0.1]),  # the same twice moves no later frame
        ([9.0, 9.1, 0.0, 0.1], [4.0, 4.1, 4.14, 4.24]),  # stamps that begin anew go on
        ([5.0, 5.5, 5.0, 5.5], [0.0, 0.5, 0.54, 1.04]),  # also those of half a second
    ],
)
def test_stamps_become_rising_times(stamps: list[float | None], times: list[float]) -> None:
    clock = Timeline(5.0, 0.04)
    assert [clock(stamp) for stamp in stamps] == pytest.approx(times)


def test_what_stays_longer_is_followed_later() -> None:
    clock = Timeline(0.0, 0.0)
    assert [clock(stamp, 0.02) for stamp in (0.0, 0.5, 0.0)] == pytest.approx([0.0, 0.5, 0.52])
    assert clock.shift == pytest.approx(0.52)


def test_joined_recordings_go_on_as_is_said() -> None:
    clock = Timeline(5.0, 0.04, [0.3])
    stamps = (5.0, 5.5, 1.0, 1.5, 1.0)
    assert [clock(stamp) for stamp in stamps] == pytest.approx([0.0, 0.5, 1.3, 1.8, 1.84])
