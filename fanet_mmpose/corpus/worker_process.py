"""A worker process as its parent sees it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import fanet_mmpose
from fanet_mmpose.corpus.settings import JobSettings
from fanet_mmpose.corpus.work import Task
from fanet_mmpose.errors import UserError

ROOT = Path(fanet_mmpose.__file__).parents[1]


class WorkerProcess:
    """Starts `fanet_mmpose.corpus.worker` and exchanges messages with it; used by one thread.

    Its messages go to a queue as ``(worker, message)``, read by a thread; the last one is
    ``{"died": exit code}``.

    Args:
        settings: of the job.
        out: folder of the parts.
        messages: receives its messages.

    Attributes:
        task: what it computes, or None.
        at: index of the item in work, by its last ``at`` message.
    """

    def __init__(self, settings: JobSettings, out: Path, messages: SimpleQueue) -> None:
        self.task: Task | None = None
        self.at, self.is_ready = 0, False
        try:
            self._process = _popen()
            threading.Thread(target=self._listen, args=(messages,), daemon=True).start()
        except (OSError, RuntimeError) as error:  # the second one of threads
            reason = getattr(error, 'strerror', None) or error
            raise UserError(
                f'a worker process cannot be started ({reason}): choose fewer with --workers, or '
                'raise the limit (ulimit -a)'
            ) from error
        self._send(settings=asdict(settings), out=str(out))

    @property
    def is_idle(self) -> bool:
        """Whether it can take a task."""
        return self.is_ready and self.task is None

    def give(self, task: Task) -> None:
        """Let it compute."""
        self.task, self.at = task, 0
        items = [item.to_list() for item in task.unit.items]
        self._send(unit=task.unit.number, items=items, alone=task.alone, dead=task.dead)

    def close_part(self) -> None:
        """Let it end its task before the next item."""
        if self.task:
            self._send(stop=self.task.unit.number)

    def kill(self) -> None:
        """End it at once; nothing half-written takes a part's name."""
        self._process.send_signal(signal.SIGKILL)

    def quit(self) -> None:
        """Let it end, and wait for that."""
        try:
            self._process.stdin.close()
            self._process.wait(5)
        except (OSError, subprocess.TimeoutExpired):
            self.kill()
            self._process.wait()

    def _send(self, **message: Any) -> None:
        with suppress(OSError):  # it is dead: `_listen` puts a message
            print(json.dumps(message), file=self._process.stdin, flush=True)

    def _listen(self, messages: SimpleQueue) -> None:
        for line in self._process.stdout:
            # A process that dies may leave half a line.
            if line.endswith('\n'):
                messages.put((self, json.loads(line)))
        messages.put((self, {'died': self._process.wait()}))


def _popen() -> subprocess.Popen[str]:
    paths = [str(ROOT), *filter(None, [os.environ.get('PYTHONPATH')])]
    return subprocess.Popen(
        [sys.executable, '-m', 'fanet_mmpose.corpus.worker'],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        # SAFEPATH: the worker must not import a json.py that lies beside the pictures.
        env={**os.environ, 'PYTHONPATH': os.pathsep.join(paths), 'PYTHONSAFEPATH': '1'},
        start_new_session=True,  # Ctrl-C reaches the parent alone
        text=True,
    )
