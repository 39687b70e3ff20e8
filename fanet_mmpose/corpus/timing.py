"""Where the time of a worker goes."""

from __future__ import annotations

import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager

LOAD, DETECT, LANDMARKS, WRITE = 'reading and decoding', 'detection', 'landmarks', 'writing'


class Stopwatch:
    """Seconds of wall clock by stage, and of CPU in all, since it was made."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._wall, self._cpu = time.monotonic(), time.process_time()

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Add the time of the block to a stage."""
        start = time.monotonic()
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + time.monotonic() - start

    @property
    def wall(self) -> float:
        """Seconds since it was made."""
        return time.monotonic() - self._wall

    @property
    def cpu(self) -> float:
        """CPU seconds of this process since then."""
        return time.process_time() - self._cpu


def peak_memory() -> int:
    """Largest resident size of this process so far, bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
