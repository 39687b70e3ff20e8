"""The source that a path on the command line names."""

from __future__ import annotations

from pathlib import Path

from fanet_mmpose.corpus.item import FILE, Item
from fanet_mmpose.corpus.sources.containers import source_of_file
from fanet_mmpose.corpus.sources.folder import Folder
from fanet_mmpose.corpus.sources.path_list import LISTS, PathList
from fanet_mmpose.corpus.sources.source import SingleItem, Source, SourceOptions
from fanet_mmpose.errors import UserError


def open_source(name: str, options: SourceOptions) -> Source:
    """A folder, a list of paths (``.txt``, ``.lst``), a shard, a table, a video or a picture.

    Raises:
        UserError: there is no such file or folder.
    """
    path = Path(name)
    if path.is_dir():
        return Folder(name, options)
    if not path.exists():
        raise UserError(f'{name}: there is no such file or folder')
    if name.lower().endswith(LISTS):
        return PathList(name, options)
    return source_of_file(name, options) or SingleItem(Item(FILE, str(path.parent), name))
