"""Which input is in which part: an SQLite file in the output folder.

A work unit is a list of inputs that become one part. The plan is committed before the unit is
computed, so a later run knows its inputs; the part itself, renamed into place, is what says that
the unit is done. Each input enters once, by its digest.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from fanet_mmpose.corpus.item import FILE, VIDEO, Item, item_from_list
from fanet_mmpose.errors import UserError

MANIFEST_FILE = '_fanet_manifest.sqlite'
TABLES = """
CREATE TABLE IF NOT EXISTS inputs (digest BLOB PRIMARY KEY, unit INTEGER) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS units (
    unit INTEGER PRIMARY KEY, items TEXT, inputs INTEGER, faces INTEGER, errors INTEGER);
CREATE INDEX IF NOT EXISTS planned ON units (unit) WHERE items IS NOT NULL;
"""
FOLDER = 'ALTER TABLE units ADD COLUMN folder TEXT'  # absent from the manifests of version 0.1.0


@dataclass(frozen=True)
class WorkUnit:
    """Inputs that become the part of this number."""

    number: int
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Totals:
    """Of all finished parts; an input with an error row is in `inputs`, too."""

    parts: int
    inputs: int
    faces: int
    errors: int


class Manifest:
    """The plan and what is done of it; one process writes it, under `locked`.

    Args:
        out: the output folder.

    Raises:
        UserError: by every method, if the file is damaged or the disk is full.
    """

    def __init__(self, out: Path) -> None:
        self.path = out / MANIFEST_FILE
        with self._errors_explained():
            self._db = sqlite3.connect(self.path)
            self._db.execute('PRAGMA synchronous = FULL')  # a commit survives a power cut
            self._db.executescript(TABLES)
            with suppress(sqlite3.OperationalError):  # it is there
                self._db.execute(FOLDER)

    def plan(self, items: Iterator[Item], size: int) -> list[WorkUnit]:
        """Enter the next `size` inputs that are in no unit yet; nothing if there are none.

        They are one unit; a video, which ends the search, is a unit of its own.
        """
        with self._errors_explained(), self._db:
            number = self._next_number()
            taken: list[Item] = []
            for item in items:
                if self._enter(item, number):
                    taken.append(item)
                if taken and (item.kind == VIDEO or len(taken) == size):
                    break
            units = self._apart(number, taken)
            for unit in units:
                self._store(unit)
        return units

    def planned(self) -> Iterator[WorkUnit]:
        """Units that are not finished, in order; those that are planned from now on are not given.

        Those that are given may be finished or split meanwhile.
        """
        with self._errors_explained():
            last, end = -1, self._next_number()
        condition = 'items IS NOT NULL AND unit > ? AND unit < ? ORDER BY unit LIMIT 1'
        while True:
            with self._errors_explained():
                query = f'SELECT unit, items, folder FROM units WHERE {condition}'
                row = self._db.execute(query, (last, end)).fetchone()
            if row is None:
                return
            last, items, folder = row
            yield WorkUnit(last, tuple(_seen_from_here(json.loads(items), folder)))

    def finish(self, unit: WorkUnit, faces: int, errors: int) -> None:
        """The part of a unit is in place and holds all of its inputs."""
        with self._errors_explained(), self._db:
            self._db.execute(
                'UPDATE units SET items = NULL, inputs = ?, faces = ?, errors = ? WHERE unit = ?',
                (len(unit.items), faces, errors, unit.number),
            )

    def split(self, unit: WorkUnit, count: int, pieces: int = 1) -> list[WorkUnit]:
        """Take the inputs after the first `count` out of a unit, into `pieces` new ones.

        Returns:
            The unit, which now has `count` inputs, and the new ones.
        """
        first, rest = unit.items[:count], unit.items[count:]
        if not first or not rest:
            return [unit]
        pieces = min(pieces, len(rest))
        bounds = [len(rest) * piece // pieces for piece in range(pieces + 1)]
        with self._errors_explained(), self._db:
            number = self._next_number()
            units = [WorkUnit(unit.number, first)]
            for piece, (start, end) in enumerate(zip(bounds, bounds[1:], strict=False)):
                units.append(WorkUnit(number + piece, rest[start:end]))
            for each in units:
                self._store(each)
                self._move(each)
        return units

    def parts(self) -> Iterator[tuple[int, bool]]:
        """Number of each unit, in order, and whether it is finished: its part must be there."""
        with self._errors_explained():
            for number, done in self._db.execute('SELECT unit, items IS NULL FROM units'):
                yield number, bool(done)

    def forget(self, numbers: Sequence[int]) -> None:
        """Take units out: their inputs are as new ones."""
        with self._errors_explained(), self._db:
            self._db.execute('CREATE TEMP TABLE lost (unit INTEGER PRIMARY KEY)')
            self._db.executemany('INSERT INTO lost VALUES (?)', ((number,) for number in numbers))
            for table in ('inputs', 'units'):
                self._db.execute(f'DELETE FROM {table} WHERE unit IN (SELECT unit FROM lost)')
            self._db.execute('DROP TABLE lost')

    def totals(self) -> Totals:
        """What is done."""
        sums = 'COUNT(*), SUM(inputs), SUM(faces), SUM(errors)'
        query = f'SELECT {sums} FROM units WHERE items IS NULL'
        with self._errors_explained():
            return Totals(*(value or 0 for value in self._db.execute(query).fetchone()))

    def close(self) -> None:
        """Release the file."""
        self._db.close()

    def _next_number(self) -> int:
        return self._db.execute('SELECT COALESCE(MAX(unit) + 1, 0) FROM units').fetchone()[0]

    def _enter(self, item: Item, unit: int) -> bool:
        """Whether the input is new."""
        query = 'INSERT OR IGNORE INTO inputs VALUES (?, ?)'
        return self._db.execute(query, (item.digest, unit)).rowcount == 1

    def _apart(self, number: int, items: Sequence[Item]) -> list[WorkUnit]:
        """A unit, or two if a video ends the list, or none of nothing."""
        if len(items) < 2 or items[-1].kind != VIDEO:
            return [WorkUnit(number, tuple(items))] if items else []
        units = [WorkUnit(number, tuple(items[:-1])), WorkUnit(number + 1, tuple(items[-1:]))]
        self._move(units[1])
        return units

    def _store(self, unit: WorkUnit) -> None:
        items = json.dumps([item.to_list() for item in unit.items])
        folder = os.getcwd() if any(map(_is_relative, unit.items)) else None
        self._db.execute('INSERT OR REPLACE INTO units (unit, items, folder) VALUES (?, ?, ?)',
                         (unit.number, items, folder))  # fmt: skip

    def _move(self, unit: WorkUnit) -> None:
        """Enter the inputs as this unit's."""
        self._db.executemany(
            'UPDATE inputs SET unit = ? WHERE digest = ?', _numbered(unit.items, unit.number)
        )

    @contextmanager
    def _errors_explained(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise UserError(
                f'{self.path}: cannot be used ({error}): free the disk, or if it is damaged write '
                'to another folder'
            ) from error


def _is_relative(item: Item) -> bool:
    return not os.path.isabs(item.source) or (item.kind == FILE and not os.path.isabs(item.key))


def _seen_from_here(items: Iterable[Sequence[Any]], folder: str | None) -> Iterator[Item]:
    """Items whose relative paths begin at `folder`, as paths that mean the same in this process."""
    for item in map(item_from_list, items):
        if folder is not None and _is_relative(item) and folder != os.getcwd():
            key = os.path.join(folder, item.key) if item.kind == FILE else item.key
            item = replace(item, source=os.path.join(folder, item.source), key=key)
        yield item


def _numbered(items: Iterable[Item], number: int) -> Iterator[tuple[int, bytes]]:
    return ((number, item.digest) for item in items)
