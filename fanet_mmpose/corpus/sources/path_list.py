"""A text file with a path in each line."""

from __future__ import annotations

import codecs
from collections.abc import Iterator

from fanet_mmpose.corpus.item import FILE, Item
from fanet_mmpose.corpus.sources.containers import source_of_file
from fanet_mmpose.corpus.sources.source import SourceOptions, problem

LISTS = ('.txt', '.lst')
UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)  # as Windows' shell writes it


class PathList:
    """Pictures, shards, tables and videos that a list names, a line each.

    Relative paths start at the working directory, as ``find pictures -name '*.jpg' > list.txt``
    writes them. Empty lines are passed over. Lines end as on Unix or Windows; the text is UTF-8 or,
    with a byte order mark, UTF-16; other bytes of file names are kept.

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
                if '\0' in path:
                    yield problem(self.name, f'{path!r}: no file has such a name', repr(path))
                elif inner is None:
                    yield Item(FILE, self.name, path)
                else:
                    yield from inner.items()
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, 'strerror', None) or error
            yield problem(self.name, f'{self.name}: cannot be read ({reason})')

    def count(self) -> int:
        """See `Source`; a shard counts as one."""
        try:
            return sum(1 for _ in self._paths())
        except (OSError, UnicodeDecodeError):
            return 0

    def _paths(self) -> Iterator[str]:
        with open(self.name, 'rb') as file:
            is_wide = file.read(2) in UTF_16
        with open(
            self.name,
            encoding='utf-16' if is_wide else 'utf-8-sig',
            errors='strict' if is_wide else 'surrogateescape',  # file names need not be UTF-8
            newline='\n',  # they may have a carriage return inside
        ) as lines:
            yield from filter(None, (line.rstrip('\r\n') for line in lines))
