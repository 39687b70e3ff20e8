"""One input of a corpus: where it is, and what makes it the same input in a second run."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

FILE, TAR, PARQUET, ARROW, VIDEO, PROBLEM = 'file', 'tar', 'parquet', 'arrow', 'video', 'problem'
DIGEST_BYTES = 16  # a billion inputs share a digest with a chance of 1.5e-21


@dataclass(frozen=True)
class Item:
    """An input.

    Attributes:
        kind: ``file``, ``tar``, ``parquet``, ``arrow``, ``video``, or ``problem``: a part of a
            source that cannot be listed, which becomes an error row.
        source: folder, list, tar shard, table or video that it comes from, as the user named it.
        key: path of a file, name in a tar, row of a table; empty for a video.
        at: where it lies: (offset, size) in a tar, (group, row) in a table, (sentence,) for a
            problem, else nothing.
    """

    kind: str
    source: str
    key: str
    at: tuple[Any, ...] = ()

    @property
    def name(self) -> str:
        """For messages."""
        if self.kind in (FILE, PROBLEM):
            return self.key or self.source
        return f'{self.source}/{self.key}' if self.key else self.source

    @property
    def digest(self) -> bytes:
        """[16] the same for the same picture, also by another path or through a link."""
        if self.kind == FILE:
            identity = (FILE, os.path.realpath(self.key))
        else:
            place = map(str, self.at if self.kind != PROBLEM else ())
            identity = (self.kind, _real_path(self.source), self.key, *place)
        text = '\0'.join(identity).encode('utf-8', 'surrogateescape')
        return hashlib.blake2b(text, digest_size=DIGEST_BYTES).digest()

    def to_list(self) -> list[Any]:
        """Ready for JSON."""
        return [self.kind, self.source, self.key, list(self.at)]


def item_from_list(values: Sequence[Any]) -> Item:
    """The inverse of `Item.to_list`."""
    kind, source, key, at = values
    return Item(kind, source, key, tuple(at))


@lru_cache(maxsize=64)
def _real_path(path: str) -> str:
    return os.path.realpath(path)
