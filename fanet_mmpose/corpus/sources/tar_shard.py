"""A tar file of pictures, as WebDataset writes them."""

from __future__ import annotations

import os
import tarfile
from collections.abc import Iterator

from fanet_mmpose.corpus.item import TAR, Item
from fanet_mmpose.corpus.sources.source import problem
from fanet_mmpose.images import NAMED, SUFFIXES


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
            end = member.offset_data + member.size
            if not member.isreg() or not member.name.lower().endswith((*SUFFIXES, *NAMED)):
                continue
            if end > os.path.getsize(self.name):
                sentence = f'{self.name}: is cut in the middle of {member.name}'
                yield problem(self.name, sentence, member.name)
                return
            yield Item(TAR, self.name, member.name, (member.offset_data, member.size))
        if not self._has_end(end):
            yield problem(self.name, f'{self.name}: has no end mark, it is cut or still written')

    def _has_end(self, end: int) -> bool:
        """Whether a block of zeros follows the last member, which is how a tar ends."""
        block = tarfile.BLOCKSIZE
        with open(self.name, 'rb') as file:
            file.seek(-(-end // block) * block)
            return file.read(block) == bytes(block)
