"""A worker process: `python -m fanet_mmpose.corpus.worker`, which a `WorkerProcess` starts.

It reads lines of JSON and writes lines of JSON, so nothing is pickled:

- in: ``{"settings": …, "out": …}`` first, then ``{"unit": number, "items": […], …}`` and
  ``{"stop": number}``, which closes the part of that unit before its next item;
- out: ``{"ready": model}`` first, then for each unit ``{"at": index}`` before each of its items
  and ``{"done": …}`` or ``{"gone": source}``; ``{"fatal": sentence}`` ends the process.

When its input ends, because the parent died or is done, the process ends at once.
"""

from __future__ import annotations

import json
import os
import queue
import sys
import threading
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any, TextIO

from fanet_mmpose.native_libraries import VARIABLE

os.environ[VARIABLE] = '1'  # before what starts threads is imported: each core has a process

from fanet_mmpose.corpus.item import item_from_list  # noqa: E402
from fanet_mmpose.corpus.manifest import WorkUnit  # noqa: E402
from fanet_mmpose.corpus.pictures import SourceGoneError  # noqa: E402
from fanet_mmpose.corpus.settings import JobSettings  # noqa: E402
from fanet_mmpose.corpus.stage import AnnotateStage, Control  # noqa: E402
from fanet_mmpose.corpus.timing import peak_memory  # noqa: E402
from fanet_mmpose.errors import UserError  # noqa: E402


class Inbox:
    """Messages of the parent, read by a thread, so that a stop is seen in the middle of a unit."""

    def __init__(self, lines: TextIO) -> None:
        self._messages: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
        self.stopped = -1  # number of the unit that is to be closed
        threading.Thread(target=self._read, args=(lines,), daemon=True).start()

    def _read(self, lines: TextIO) -> None:
        for line in lines:
            message = json.loads(line)
            if 'stop' in message:
                self.stopped = message['stop']
            else:
                self._messages.put(message)
        os._exit(0)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        while True:
            yield self._messages.get()


def _one_thread() -> None:
    import cv2

    from fanet_mmpose.native_libraries import silence_opencv

    cv2.setNumThreads(1)
    silence_opencv()


def _private_output() -> TextIO:
    """The pipe to the parent; what libraries print goes to stderr instead."""
    pipe = os.fdopen(os.dup(1), 'w', buffering=1)
    os.dup2(2, 1)
    return pipe


def main() -> None:
    """Compute units until the input ends."""
    pipe = _private_output()

    def tell(**message: Any) -> None:
        try:
            print(json.dumps(message), file=pipe)
        except BrokenPipeError:  # the parent is dead; in a block that writes it would be the disk's
            os._exit(0)

    try:
        _serve(Inbox(sys.stdin), tell)
    except UserError as error:
        tell(fatal=str(error))
        sys.exit(2)


def _serve(inbox: Inbox, tell: Any) -> None:
    messages = iter(inbox)
    first = next(messages)
    _one_thread()
    stage = AnnotateStage(JobSettings(**first['settings']), Path(first['out']))
    tell(ready=stage.model)
    for message in messages:
        unit = WorkUnit(message['unit'], tuple(map(item_from_list, message['items'])))
        control = Control(
            lambda index: tell(at=index), lambda number=unit.number: inbox.stopped == number
        )
        try:
            done = stage.run(unit, control, message['alone'], message['dead'])
        except SourceGoneError as error:
            tell(gone=error.source)
        else:
            tell(done=asdict(done), memory=peak_memory())


if __name__ == '__main__':
    main()
