"""What can be annotated: each source lists its inputs lazily, in a fixed order."""

import stat
from pathlib import Path

from fanet_mmpose.corpus.item import FILE, Item
from fanet_mmpose.corpus.job_file import is_corpus
from fanet_mmpose.corpus.sources.containers import source_of_file
from fanet_mmpose.corpus.sources.folder import Folder
from fanet_mmpose.corpus.sources.path_list import LISTS, PathList
from fanet_mmpose.corpus.sources.source import SingleItem, Source, SourceOptions
from fanet_mmpose.errors import UserError

__all__ = ['Source', 'SourceOptions', 'open_source']


def open_source(name: str, options: SourceOptions) -> Source:
    """A folder, a list of paths (``.txt``, ``.lst``), a shard, a table, a video or a picture.

    Raises:
        UserError: there is no such file or folder, or it cannot be looked at.
    """
    path = Path(name)
    try:
        mode = path.stat().st_mode
    except FileNotFoundError as error:
        raise UserError(f'{name}: there is no such file or folder') from error
    except OSError as error:
        raise UserError(f'{name}: cannot be read ({error.strerror})') from error
    if is_corpus(path):
        raise UserError(f'{name}: is an output of `fanet annotate`, name a folder of pictures')
    if stat.S_ISDIR(mode):
        return Folder(name, options)
    if not stat.S_ISREG(mode):
        raise UserError(f'{name}: is no regular file: write a list of paths to a .txt file')
    if name.lower().endswith(LISTS):
        return PathList(name, options)
    return source_of_file(name, options) or SingleItem(Item(FILE, str(path.parent), name))
