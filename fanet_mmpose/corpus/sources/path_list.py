"""A text file with a path in each line."""

from __future__ import annotations

from collections.abc import Iterator

from fanet_mmpose.corpus.item import FILE, Item
from fanet_mmpose.corpus.sources.containers import source_of_file
from fanet_mmpose.corpus.sources.source import SourceOptions, problem

LISTS = ('.txt', '.lst')


class PathList:
    """Pictures, shards, tables and videos that a list names, a line each.

    Relative paths start at the working directory, as ``find pictures -name '*.jpg' > list.txt``
    writes them. Empty lines are passed over.

    Args:
        name: the list.
        options: see `SourceOptions`.
    """

    def __init__(self, name: str, options: SourceOptions) -> None:
        self.name, self.options = name, options

    def items(self) -> Iterator[Item]:
        """See `Source`; a missing file is an input, which fails when its turn comes."""
        try:
            for path in self._paths():
                inner = source_of_file(path, self.options)
                if inner is None:
                    yield Item(FILE, self.name, path)
                else:
                    yield from inner.items()
        except OSError as error:
            yield problem(self.name, f'{self.name}: cannot be read ({error.strerror})')

    def count(self) -> int:
        """See `Source`; a shard counts as one."""
        try:
            return sum(1 for _ in self._paths())
        except OSError:
            return 0

    def _paths(self) -> Iterator[str]:
        # File names need not be UTF-8.
        with open(self.name, encoding='utf-8', errors='surrogateescape') as lines:
            yield from filter(None, (line.rstrip('\r\n') for line in lines))
