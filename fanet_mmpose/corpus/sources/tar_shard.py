"""A tar file of pictures, as WebDataset writes them."""

from __future__ import annotations

import os
import tarfile
from collections.abc import Iterator
from functools import partial

from fanet_mmpose.corpus.item import TAR, Item
from fanet_mmpose.corpus.sources.source import problem
from fanet_mmpose.images import NAMED, SUFFIXES

NAME = 100  # characters of a name that a header holds


class TarShard:
    """Pictures in an uncompressed tar; other members (labels, texts) are passed over.

    Only headers are read here; workers read the pictures by their offsets.

    Args:
        name: the tar file.
    """

    def __init__(self, name: str) -> None:
        self.name = name

    def items(self) -> Iterator[Item]:
        """See `Source`; of a cut tar what is whole, and a problem."""
        try:
            with tarfile.open(self.name, 'r:') as tar:
                yield from self._members(tar)
        except (tarfile.TarError, EOFError) as error:
            yield problem(self.name, f'{self.name}: is cut or no tar file ({error})')
        except OSError as error:
            yield problem(self.name, f'{self.name}: cannot be read ({error.strerror})')

    def count(self) -> int:
        """See `Source`; reads all headers."""
        return sum(1 for _ in self.items())

    def _members(self, tar: tarfile.TarFile) -> Iterator[Item]:
        end = 0
        while (member := tar.next()) is not None:
            tar.members.clear()  # it would keep them all
            end = tar.offset
            if not member.isreg() or not member.name.lower().endswith((*SUFFIXES, *NAMED)):
                continue
            if member.issparse():
                sentence = f'{self.name}: {member.name} has holes: make the tar without --sparse'
                yield problem(self.name, sentence, member.name)
                continue
            if member.offset_data + member.size > os.path.getsize(self.name):
                sentence = f'{self.name}: is cut in the middle of {member.name}'
                yield problem(self.name, sentence, member.name)
                return
            yield Item(TAR, self.name, member.name, (member.offset_data, member.size))
        if not self._has_end(end):
            yield problem(self.name, f'{self.name}: has no end mark, it is cut or still written')
        elif self._goes_on(end):
            sentence = f'{self.name}: another tar follows its end mark: give each its own file'
            yield problem(self.name, sentence)

    def _has_end(self, end: int) -> bool:
        """Whether a block of zeros follows the last member, which is how a tar ends."""
        with open(self.name, 'rb') as file:
            file.seek(end)
            return file.read(tarfile.BLOCKSIZE) == bytes(tarfile.BLOCKSIZE)

    def _goes_on(self, end: int) -> bool:
        """Whether the first block after `end` that is not empty begins a member.

        Tars that `cat` put together look like this, and readers stop at the first one's end.
        """
        with open(self.name, 'rb') as file:
            file.seek(end)
            blocks = iter(partial(file.read, tarfile.BLOCKSIZE), b'')
            first = next((block for block in blocks if block.strip(b'\0')), b'')
        return read_header(first) is not None


def read_header(block: bytes) -> tarfile.TarInfo | None:
    """The member that a block begins, or None. Long names are cut."""
    try:
        return tarfile.TarInfo.frombuf(block, 'utf-8', 'surrogateescape')
    except tarfile.HeaderError:
        return None


def is_member(block: bytes, name: str, size: int) -> bool:
    """Whether a block is the header of the member of this name and size."""
    header = read_header(block)
    if header is None or header.size != size:
        return False
    is_short = name.isascii() and len(name) <= NAME  # others are elsewhere, and their begin here
    return header.name == name or not is_short
