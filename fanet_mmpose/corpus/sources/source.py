"""The interface of sources, and the smallest one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from fanet_mmpose.corpus.item import PROBLEM, Item


@dataclass(frozen=True)
class SourceOptions:
    """How sources are read.

    Attributes:
        image_column: of Parquet and Arrow tables: encoded bytes, or a struct with ``bytes``.
        ordered: list a folder sorted by name; else as the file system gives it, which needs no
            memory for the names of a folder.
    """

    image_column: str = 'image'
    ordered: bool = True


class Source(Protocol):
    """Inputs, listed lazily.

    Attributes:
        name: as the user gave it.
    """

    name: str

    def items(self) -> Iterator[Item]:
        """Every input; what cannot be listed is a `PROBLEM` item and does not stop the others."""
        ...

    def count(self) -> int:
        """About how many there are, for the progress bar; may be slow."""
        ...


@dataclass(frozen=True)
class SingleItem:
    """A source of one input, or of one problem."""

    item: Item

    @property
    def name(self) -> str:
        """Of the input."""
        return self.item.name

    def items(self) -> Iterator[Item]:
        """The one."""
        yield self.item

    def count(self) -> int:
        """1."""
        return 1


def problem(source: str, sentence: str, key: str = '') -> Item:
    """A part of a source that cannot be listed."""
    return Item(PROBLEM, source, key, (sentence,))
