"""A bar with an estimate, although sources are listed lazily."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from tqdm import tqdm

from fanet_mmpose.corpus.sources import Source


class Progress:
    """Finished inputs on a terminal; the total appears when a thread has counted the sources.

    Args:
        sources: what is counted.
        before: inputs that earlier runs finished.

    Attributes:
        counter: the thread.
    """

    def __init__(self, sources: Sequence[Source], before: int) -> None:
        self._bar = tqdm(initial=before, unit='input', disable=None, smoothing=0.05)
        self._before = before
        self.counter = threading.Thread(target=self._count, args=(sources,), daemon=True)
        if not self._bar.disable:
            self.counter.start()

    def __call__(self, finished: int) -> None:
        """So many inputs of this run are finished."""
        self._bar.update(self._before + finished - self._bar.n)

    def close(self) -> None:
        """Leave the last state on the terminal."""
        self._bar.close()

    def _count(self, sources: Sequence[Source]) -> None:
        total = sum(source.count() for source in sources)
        self._bar.total = max(total, self._before)
        self._bar.refresh()


@contextmanager
def showing(sources: Sequence[Source], before: int) -> Iterator[Progress]:
    """A `Progress` that is closed at the end."""
    progress = Progress(sources, before)
    try:
        yield progress
    finally:
        progress.close()
