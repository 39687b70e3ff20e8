"""Runs tasks one after the other in a process that may die, and returns the outcome of each."""

from __future__ import annotations

from pathlib import Path
from queue import SimpleQueue
from typing import Any

from fanet_mmpose.corpus.settings import JobSettings
from fanet_mmpose.corpus.work import Task
from fanet_mmpose.corpus.worker_process import WorkerProcess
from fanet_mmpose.errors import UserError

MAX_STARTS = 3  # of processes in a row that end before they are ready


class UnitRunner:
    """One worker process, replaced when it dies: a decoder's crash does not reach the caller.

    Args:
        settings: of the job.
        out: folder of the parts.

    Attributes:
        model: as the process describes it, see `stage.describe_model`; empty before the first task.
    """

    def __init__(self, settings: JobSettings, out: Path) -> None:
        self._settings, self._out = settings, out
        self._messages: SimpleQueue = SimpleQueue()
        self._worker: WorkerProcess | None = None
        self.model: dict[str, Any] = {}

    def start(self) -> None:
        """Have a process that has loaded the model; `run` does this, too.

        Raises:
            UserError: model or device is not available, or processes end while they start.
        """
        for _ in range(MAX_STARTS):
            if self._worker and self._worker.is_ready:
                return
            self._worker = WorkerProcess(self._settings, self._out, self._messages)
            message = self._answer()
            if 'ready' in message:
                self.model, self._worker.is_ready = message['ready'], True
        if not (self._worker and self._worker.is_ready):
            raise UserError('worker processes end before their first picture: see the logs of Ray')

    def run(self, task: Task) -> dict[str, Any]:
        """Compute a task.

        Returns:
            The worker's ``{"done": …, "memory": bytes}`` or ``{"gone": source}``, or
            ``{"died_at": index}`` of the item that was next when the process died.

        Raises:
            UserError: as `start`, or the part cannot be written.
        """
        self.start()
        self._worker.give(task)
        message = self._answer()
        self._worker.task = None
        return {'died_at': self._worker.at} if 'died' in message else message

    def _answer(self) -> dict[str, Any]:
        """The next message other than progress; messages of dropped processes are skipped."""
        while True:
            worker, message = self._messages.get()
            if worker is not self._worker:
                continue
            if 'fatal' in message:
                raise UserError(message['fatal'])
            if 'at' in message:
                worker.at = message['at']
                continue
            if 'died' in message:
                worker.is_ready = False
            return message
