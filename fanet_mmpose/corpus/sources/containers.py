"""Which files hold many pictures, by their suffix."""

from __future__ import annotations

import os

from fanet_mmpose.corpus.item import VIDEO, Item
from fanet_mmpose.corpus.sources.source import SingleItem, Source, SourceOptions, problem
from fanet_mmpose.corpus.sources.table import ArrowTable, ParquetTable
from fanet_mmpose.corpus.sources.tar_shard import TarShard
from fanet_mmpose.images import VIDEOS

PACKED_TARS = ('.tgz', '.tar.gz', '.tar.bz2', '.tar.xz', '.tar.zst')
CONTAINERS = {
    ('.tar',): TarShard,
    ('.parquet', '.pq'): ParquetTable,
    ('.arrow', '.feather', '.ipc'): ArrowTable,
}
SUFFIXES = (*PACKED_TARS, *VIDEOS, *(suffix for group in CONTAINERS for suffix in group))


def source_of_file(name: str, options: SourceOptions) -> Source | None:
    """A shard, a table or a video; None if the suffix is none of theirs."""
    lower = name.lower()
    if not lower.endswith(SUFFIXES):
        return None
    if os.path.exists(name) and not os.path.isfile(name):  # a pipe would be waited for
        return SingleItem(problem(name, f'{name}: is no regular file'))
    if lower.endswith(PACKED_TARS):
        sentence = f'{name}: a compressed tar cannot be read in parts, unpack it to a plain .tar'
        return SingleItem(problem(name, sentence))
    if lower.endswith(VIDEOS):
        return SingleItem(Item(VIDEO, name, ''))
    kind = next(kind for group, kind in CONTAINERS.items() if lower.endswith(group))
    return kind(name, options)
