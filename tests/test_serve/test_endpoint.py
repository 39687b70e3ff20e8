"""Pixels in flight: many small files that are large pictures, over real HTTP."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from helpers.live_app import head, live, talk

pytest.importorskip('fastapi')
pytest.importorskip('uvicorn')

from fanet_mmpose.serve.endpoint import build_endpoint
from fanet_mmpose.serve.limits import Limits
from fanet_mmpose.serve.pictures import count_pixels
from fanet_mmpose.serve.uploads import Uploads

LIMITS = Limits(megabytes=1, megapixels=4, bodies=30)


class CountingFinder:
    """Counts the pixels that are decoded at one time, as the real one would hold them."""

    def __init__(self) -> None:
        self.limits = LIMITS
        self.now = self.most = self.calls = 0
        self._lock = threading.Lock()

    def __call__(self, encoded: bytes, choices: Any) -> dict[str, Any]:
        pixels = count_pixels(encoded, self.limits)
        with self._lock:
            self.now += pixels
            self.most = max(self.most, self.now)
            self.calls += 1
        threading.Event().wait(0.02)
        with self._lock:
            self.now -= pixels
        return {'sentence': choices.name, 'html': ''}


@pytest.fixture
def finder() -> CountingFinder:
    return CountingFinder()


@pytest.fixture
def address(finder: CountingFinder, tmp_path: Path) -> Iterator[tuple[str, int]]:
    app = build_endpoint(finder, Uploads(tmp_path, LIMITS))
    with live(app, LIMITS) as served:
        yield served


def png(side: int) -> bytes:
    """A black picture: some kB, whatever its size."""
    return cv2.imencode('.png', np.zeros((side, side, 3), np.uint8))[1].tobytes()


def ask(address: tuple[str, int], picture: bytes) -> bytes:
    lines = ('Host: localhost', f'Content-Length: {len(picture)}')
    return talk(address, head('POST', '/landmarks?name=a', *lines) + picture)


@pytest.mark.parametrize(('side', 'at_once'), [(2000, 1), (1000, 4)])
def test_pixels_in_flight_are_bounded(
    address: tuple[str, int], finder: CountingFinder, side: int, at_once: int
) -> None:
    replies: list[bytes] = []
    picture = png(side)
    threads = [
        threading.Thread(target=lambda: replies.append(ask(address, picture))) for _ in range(24)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert finder.calls == 24 and all(b' 200 ' in reply for reply in replies)
    assert finder.most <= at_once * side**2 <= LIMITS.num_pixels


def test_the_next_visitor_is_served_after_a_refusal(
    address: tuple[str, int], finder: CountingFinder
) -> None:
    """A refused picture gives its pixels back."""
    finder.limits = Limits(megabytes=1, megapixels=1)  # the finder refuses what the endpoint took
    for _ in range(3):
        assert b' 422 ' in ask(address, png(1500))
    finder.limits = LIMITS
    assert b' 200 ' in ask(address, png(2000))
