"""Frames of what is live: their times are those of their arrival, and it ends when told."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from fanet_mmpose.errors import UserError
from fanet_mmpose.inference import live_source, video_source
from fanet_mmpose.inference.video_source import VideoSource


class Camera:
    """Stands in for `cv2.VideoCapture` of a camera: never ends, counts no frames, has no times."""

    opened: list[int | str] = []

    def __init__(self, source: int | str) -> None:
        self.opened.append(source)

    def isOpened(self) -> bool:  # noqa: N802
        return self.opened[-1] != 9

    def get(self, number: int) -> float:
        return {cv2.CAP_PROP_FRAME_COUNT: -1.0, cv2.CAP_PROP_POS_MSEC: 5e6}.get(number, 0.0)

    def read(self) -> tuple[bool, np.ndarray]:
        return True, np.zeros((8, 8, 3), np.uint8)

    def release(self) -> None:
        self.opened.clear()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The times that the program will read, in turn."""
    times: list[float] = []
    monkeypatch.setattr(cv2, 'VideoCapture', Camera)
    monkeypatch.setattr(live_source.time, 'monotonic', lambda: times.pop(0))
    return times


@pytest.mark.parametrize(
    ('source', 'opened'), [(2, 2), ('2', 2), ('rtsp://camera', 'rtsp://camera')]
)
def test_live_sources(source: int | str, opened: int | str, clock: list[float]) -> None:
    clock += [100.0, 100.5, 100.5, 101.0]
    live = VideoSource(source)
    assert live.is_live and Camera.opened == [opened] and live.announced == 0
    times = []
    for frame in live:
        times.append(frame.time)
        if frame.number == 2:
            live.stop()
    assert times == pytest.approx([0.5, 0.5 + 1 / video_source.USUAL_RATE, 1.0])
    assert live.complaint is None and not Camera.opened


def test_a_camera_that_is_not_there(clock: list[float]) -> None:
    with pytest.raises(UserError, match='camera 9: cannot be opened'):
        VideoSource(9)
