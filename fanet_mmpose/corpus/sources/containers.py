"""Which files hold many pictures, by their suffix."""

from __future__ import annotations

import os

from fanet_mmpose.corpus.item import VIDEO, Item
from fanet_mmpose.corpus.sources.source import SingleItem, Source, SourceOptions, problem
from fanet_mmpose.corpus.sources.table import ArrowTable, ParquetTable
from fanet_mmpose.corpus.sources.tar_shard import TarShard
from fanet_mmpose.images import VIDEOS

PACKED_TARS = ('.tgz', '.tar.gz', '.tar.bz2', '.tar.xz', '.tar.zst')
TARS, PARQUET_FILES, ARROW_FILES = ('.tar',), ('.parquet', '.pq'), ('.arrow', '.feather', '.ipc')
SUFFIXES = (*PACKED_TARS, *VIDEOS, *TARS, *PARQUET_FILES, *ARROW_FILES)


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
    if lower.endswith(TARS):
        return TarShard(name)
    return (ParquetTable if lower.endswith(PARQUET_FILES) else ArrowTable)(name, options)
