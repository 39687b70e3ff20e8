"""Worker processes of this machine: each computes one unit at a time, none waits for another."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

from fanet_mmpose.corpus.item import VIDEO
from fanet_mmpose.corpus.settings import JobSettings
from fanet_mmpose.corpus.summary import Usage
from fanet_mmpose.corpus.work import Work
from fanet_mmpose.corpus.worker_process import WorkerProcess
from fanet_mmpose.errors import UserError

POLL_SECONDS = 0.2  # between two checks for a request to stop
MAX_FAILED_STARTS = 3  # of processes; one more ends the job
MIN_SHARED = 16  # items left in a unit, from which on idle processes get a share of them


class LocalPool:
    """Runs `Work` on processes of this machine.

    Args:
        settings: of the job.
        out: folder of the parts.
        workers: processes.
        is_stopped: called several times a second; if true, parts are closed and the run ends.
    """

    def __init__(
        self, settings: JobSettings, out: Path, workers: int, is_stopped: Callable[[], bool]
    ) -> None:
        self._settings, self._out, self._is_stopped = settings, out, is_stopped
        self._messages: SimpleQueue = SimpleQueue()
        self._workers = [self._start() for _ in range(workers)]
        self._closing, self._failed_starts = False, 0
        self.usage = Usage(workers)

    def model(self) -> dict[str, Any]:
        """The model as the first process describes it, see `describe_model`. Raises `UserError`."""
        while True:
            worker, message = self._messages.get()
            if 'ready' in message:
                worker.is_ready = True
                return message['ready']
            self._handle(worker, message, None)

    def run(self, work: Work, progress: Callable[[int], None]) -> None:
        """Compute until nothing is left, or the run is stopped.

        Args:
            work: what to compute.
            progress: called with the inputs of this run that are finished, also in open parts.

        Raises:
            UserError: the parts cannot be written, or processes cannot be kept alive.
        """
        while True:
            if self._is_stopped():
                self._close_all()
            else:
                self._give(work)
            if self._is_finished():
                return
            with suppress(Empty):
                self._handle(*self._messages.get(timeout=POLL_SECONDS), work)
            in_work = sum(worker.at for worker in self._workers if worker.task)
            progress(work.outcome.inputs + in_work)

    def close(self) -> None:
        """End all processes."""
        for worker in self._workers:
            worker.quit()

    def kill(self) -> None:
        """End all processes at once."""
        for worker in self._workers:
            worker.kill()

    def _is_finished(self) -> bool:
        all_started = all(worker.is_ready for worker in self._workers)
        is_working = any(worker.task for worker in self._workers)
        return not is_working and (self._closing or all_started)

    def _start(self) -> WorkerProcess:
        return WorkerProcess(self._settings, self._out, self._messages)

    def _give(self, work: Work) -> None:
        """A task for each idle process; without tasks, the longest running one is shared."""
        idle = [worker for worker in self._workers if worker.is_idle]
        for worker in idle:
            task = work.next()
            if task is None:
                self._share()
                return
            worker.give(task)

    def _share(self) -> None:
        busy = [worker for worker in self._workers if worker.task]
        longest = max(busy, key=_left, default=None)
        if longest and _left(longest) >= MIN_SHARED:
            longest.close_part()

    def _close_all(self) -> None:
        if self._closing:
            return
        self._closing = True
        for worker in self._workers:
            if worker.task and worker.task.unit.items[0].kind == VIDEO:
                worker.task = None  # a video is one item: it starts anew in the next run
                worker.kill()
            worker.close_part()

    def _handle(self, worker: WorkerProcess, message: dict[str, Any], work: Work | None) -> None:
        """Act on a message. Raises `UserError` if it ends the job."""
        task = worker.task
        if 'fatal' in message:
            raise UserError(message['fatal'])
        if 'ready' in message:
            worker.is_ready = True
        elif 'at' in message:
            worker.at = message['at']
        elif 'died' in message:
            self._replace(worker, work)
        elif task and work:
            worker.task = None
            if 'gone' in message:
                work.gone(task, message['gone'])
            else:
                done = self.usage.add(message)
                work.done(task, done, 1 if self._closing else len(self._workers))

    def _replace(self, worker: WorkerProcess, work: Work | None) -> None:
        """Start a process for a dead one, and report the task of the dead one."""
        if worker.task and work:
            work.died(worker.task, worker.at)
        elif not worker.is_ready:
            self._failed_starts += 1
            if self._failed_starts > MAX_FAILED_STARTS:
                raise UserError('worker processes end before their first picture: see above why')
        worker.task = None
        if not self._closing:
            self._workers[self._workers.index(worker)] = self._start()


def _left(worker: WorkerProcess) -> int:
    """Items after the one in work."""
    return len(worker.task.unit.items) - worker.at - 1
