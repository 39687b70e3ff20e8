"""What is to be computed next, and what to do about a dead process or a vanished source."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from fanet_mmpose.corpus.item import PROBLEM, Item
from fanet_mmpose.corpus.manifest import Manifest, WorkUnit
from fanet_mmpose.corpus.pictures import SourceGoneError
from fanet_mmpose.corpus.sources import Source
from fanet_mmpose.corpus.stage import Done
from fanet_mmpose.errors import UserError

DEATHS = 100  # of processes in a row, with no unit finished between them, that end a job


@dataclass(frozen=True)
class Task:
    """A unit and how to compute it, see `AnnotateStage.run`."""

    unit: WorkUnit
    alone: bool = False
    dead: bool = False


@dataclass
class Outcome:
    """Of this run: counts of inputs, faces and error rows, and the first error's sentence.

    Attributes:
        gone: a sentence for each source that has vanished.
        empty: names of sources that were listed to their end, and hold no input.
        lost: parts of earlier runs that are not there any more; their inputs are new ones.
    """

    inputs: int = 0
    faces: int = 0
    errors: int = 0
    first_error: str = ''
    gone: dict[str, str] = field(default_factory=dict)
    empty: list[str] = field(default_factory=list)
    lost: int = 0


class Work:
    """Tasks, one after the other; each ends in `done`, `died` or `gone`.

    An item that kills its process is tried once more, first in its unit; if it kills again, it
    becomes an error row. A process that was killed from outside thus costs nothing.

    Args:
        manifest: the plan.
        known: planned units that an earlier run left.
        sources: what to plan from, after those.
        size: of a unit.
        is_stopped: if true, no more inputs are listed, which may take long.
    """

    def __init__(
        self,
        manifest: Manifest,
        known: Iterator[WorkUnit],
        sources: Sequence[Source],
        size: int,
        is_stopped: Callable[[], bool] = lambda: False,
    ) -> None:
        self.outcome, self._is_stopped = Outcome(), is_stopped
        self._manifest, self._known, self._size = manifest, known, size
        self._items = self._list(sources)
        self._pending: deque[Task] = deque()
        self._suspects: set[bytes] = set()  # items that were next when a process died
        self._deaths = 0

    def next(self) -> Task | None:
        """A task, or None if every input is in a part or in work."""
        if not self._pending:
            unit = next(self._known, None)
            units = [unit] if unit else self._manifest.plan(self._items, self._size)
            self._pending.extend(map(Task, units))
        return self._pending.popleft() if self._pending else None

    def done(self, task: Task, done: Done, pieces: int = 1) -> None:
        """A part is in place; the rest of its unit becomes `pieces` tasks."""
        self._deaths = 0
        first, *rest = self._manifest.split(task.unit, done.inputs, pieces)
        self._manifest.finish(first, done.faces, done.errors)
        self._pending.extend(Task(unit, task.alone) for unit in rest)
        outcome = self.outcome
        outcome.inputs += done.inputs
        outcome.faces += done.faces
        outcome.errors += done.errors
        outcome.first_error = outcome.first_error or done.first_error

    def died(self, task: Task, at: int) -> None:
        """The process of a task died when item `at` was next.

        Raises:
            UserError: processes die whatever they do.
        """
        self._deaths += 1
        if self._deaths > DEATHS:
            raise UserError(
                f'{DEATHS} worker processes died one after the other, the last one at '
                f'{task.unit.items[at].name}: see their messages above'
            )
        suspect = task.unit.items[at].digest
        if suspect in self._suspects and not at:
            culprit, *rest = self._manifest.split(task.unit, 1)
            tasks = [Task(culprit, dead=True)]
        else:
            self._suspects.add(suspect)
            *before, last = self._manifest.split(task.unit, at)
            tasks, rest = list(map(Task, before)), [last]
        self._pending.extend([*tasks, *(Task(unit, alone=True) for unit in rest)])

    def gone(self, task: Task, source: str) -> None:
        """A source of a task has vanished: its items wait for the next run, the others go on."""
        self.outcome.gone[source] = str(SourceGoneError(source))
        unit, rest = task.unit, []
        is_gone = [item.source == source for item in unit.items]
        first = is_gone.index(True)
        end = (is_gone[first:] + [False]).index(False) + first
        if first:
            unit, parked = self._manifest.split(unit, first)
            rest, unit = [unit], parked
        rest += self._manifest.split(unit, end - first)[1:]
        self._pending.extend(Task(each, task.alone) for each in rest)

    def _list(self, sources: Iterable[Source]) -> Iterator[Item]:
        """Inputs of all sources; what cannot be listed because its source vanished is no input."""
        for source in sources:
            item = None
            for item in source.items():
                if self._is_stopped():
                    return
                if item.kind == PROBLEM and not os.path.exists(item.source):
                    self.outcome.gone[item.source] = str(SourceGoneError(item.source))
                else:
                    yield item
            if item is None:
                self.outcome.empty.append(source.name)
