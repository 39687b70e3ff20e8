"""A folder and what is below it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator

from fanet_mmpose.corpus.item import FILE, Item
from fanet_mmpose.corpus.job_file import JOB_FILE
from fanet_mmpose.corpus.sources.containers import SUFFIXES as CONTAINERS
from fanet_mmpose.corpus.sources.containers import source_of_file
from fanet_mmpose.corpus.sources.source import SourceOptions, problem
from fanet_mmpose.images import NAMED, SUFFIXES

LISTED = (*SUFFIXES, *NAMED, *CONTAINERS)

Place = tuple[int, int]  # device and inode of a folder


class Folder:
    """Pictures, shards, tables and videos of a folder tree; lists of paths in it are passed over.

    Links to folders are followed, except to a folder that they lie in. Output folders of
    `fanet annotate` are passed over.

    Args:
        name: the folder.
        options: see `SourceOptions`.
    """

    def __init__(self, name: str, options: SourceOptions) -> None:
        self.name, self.options = name, options

    def items(self) -> Iterator[Item]:
        """See `Source`; listed one folder at a time."""
        for found in self._walk():
            if isinstance(found, Item):
                yield found
                continue
            inner = source_of_file(found, self.options)
            if inner is None:
                yield Item(FILE, self.name, found)
            else:
                yield from inner.items()

    def count(self) -> int:
        """See `Source`."""
        total = 0
        for found in self._walk():
            inner = None if isinstance(found, Item) else source_of_file(found, self.options)
            total += inner.count() if inner else 1
        return total

    def _walk(self) -> Iterator[str | Item]:
        """Paths of files to annotate, and problems; depth first, however deep."""
        opened: dict[Place, tuple[str, Iterator[str]]] = {}  # from the top down
        yield from self._open(self.name, opened)
        while opened:
            folder, names = opened[next(reversed(opened))]
            name = next(names, None)
            if name is None:
                opened.popitem()
            elif name.endswith(os.sep):
                yield from self._open(os.path.join(folder, name.rstrip(os.sep)), opened)
            else:
                yield os.path.join(folder, name)

    def _open(self, folder: str, opened: dict[Place, tuple[str, Iterator[str]]]) -> Iterator[Item]:
        """Add a folder to those that are open, or give a problem."""
        try:
            status = os.stat(folder)
            place = (status.st_dev, status.st_ino)
            if place not in opened:
                opened[place] = folder, iter(self._names(folder))
                return
            sentence = f'{folder}: leads back to a folder above it, passed over'
        except OSError as error:
            sentence = f'{folder}: this folder cannot be read ({error.strerror})'
        yield problem(self.name, sentence, folder)

    def _names(self, folder: str) -> Iterable[str]:
        """Of files of our kinds, and of folders with a slash at their end."""
        entries = os.scandir(folder)
        if os.path.exists(os.path.join(folder, JOB_FILE)):
            return ()
        names = filter(None, map(_name, entries))
        return sorted(names) if self.options.ordered else names


def _name(entry: os.DirEntry) -> str | None:
    try:
        if entry.is_dir():
            return entry.name + os.sep
    except OSError:  # a link to itself: reading it says what is wrong
        pass
    return entry.name if entry.name.lower().endswith(LISTED) else None
