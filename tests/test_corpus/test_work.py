"""What ends a job before its sources are listed to their end."""

from __future__ import annotations

import errno
import subprocess
from collections.abc import Iterator
from pathlib import Path
from queue import SimpleQueue

import pytest

pytest.importorskip('pyarrow')
from fanet_mmpose.corpus.item import Item  # noqa: E402
from fanet_mmpose.corpus.lock import locked  # noqa: E402
from fanet_mmpose.corpus.manifest import Manifest  # noqa: E402
from fanet_mmpose.corpus.settings import JobSettings  # noqa: E402
from fanet_mmpose.corpus.work import Work  # noqa: E402
from fanet_mmpose.corpus.worker_process import WorkerProcess  # noqa: E402
from fanet_mmpose.errors import UserError  # noqa: E402


class Known:
    """A source of inputs that are in the plan; asks to stop while it is listed."""

    name = 'known'

    def __init__(self, stop_at: int) -> None:
        self.listed, self._stop_at = 0, stop_at

    def items(self) -> Iterator[Item]:
        while self.listed < 1000:
            self.listed += 1
            yield Item('file', '/in', '/in/a.png')

    def count(self) -> int:
        return 1000

    def is_stopped(self) -> bool:
        return self.listed >= self._stop_at


def test_a_stop_does_not_wait_for_the_listing(tmp_path: Path) -> None:
    source = Known(stop_at=10)
    work = Work(Manifest(tmp_path), iter(()), [source], 256, source.is_stopped)
    task = work.next()
    assert source.listed == 10 and len(task.unit.items) == 1
    assert work.next() is None and not work.outcome.empty


@pytest.mark.parametrize(
    'error', [OSError(errno.EMFILE, 'Too many open files'), RuntimeError("can't start new thread")]
)
def test_a_process_that_cannot_be_started_is_a_sentence(
    error: Exception, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def popen(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(subprocess, 'Popen', popen)
    with pytest.raises(UserError, match=r'cannot be started \(.*--workers'):
        WorkerProcess(JobSettings(), tmp_path, SimpleQueue())


def test_the_lock_needs_no_room_on_the_disk(small_disk: Path) -> None:
    with (
        (small_disk / 'full').open('wb', buffering=0) as file,
        pytest.raises(OSError, match='space'),
    ):
        while True:
            file.write(bytes(4096))
    with locked(small_disk), pytest.raises(UserError, match='is writing there'), locked(small_disk):
        pass
