"""What the user pointed at, folders or archives, as one searchable tree."""

from __future__ import annotations

import csv
import os
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from fnmatch import fnmatch
from functools import cached_property
from pathlib import Path

from fanet_mmpose.datasets.converters.archives import archive_stem, extract, is_archive
from fanet_mmpose.datasets.converters.text import decode_among, read_data
from fanet_mmpose.errors import UserError
from fanet_mmpose.images import NAMED, SUFFIXES
from fanet_mmpose.picture_lookup import PictureLookup

IMAGE_SUFFIXES = (*SUFFIXES, *NAMED)
_OF_CONTENT = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError,
               csv.Error)  # fmt: skip


class Source:
    """Files of a release, wherever they are.

    Archives, given directly or lying in a given folder, are unpacked into `scratch`; one that
    lies beside a folder of its own name is taken as unpacked already.

    Args:
        paths: folders, archives, or single files.
        scratch: folder that may be filled; readers put what they unpack there too.
        archives: shell patterns of the archives worth unpacking in a given folder.

    Raises:
        UserError: a path does not exist, or an archive is damaged.
    """

    def __init__(
        self, paths: Iterable[Path], scratch: Path, archives: tuple[str, ...] = ('*',)
    ) -> None:
        self.paths = tuple(paths)
        self.reading: Path | None = None  # the annotation file that was asked for last
        self.scratch = scratch
        self.archives = archives
        for path in self.paths:
            if not path.exists():
                raise UserError(f'{path}: no such file or folder; check --source')
            if not (path.is_file() or path.is_dir()):
                raise UserError(f'{path}: is a pipe or a device, not a file; check --source')

    @cached_property
    def roots(self) -> tuple[Path, ...]:
        """Folders that together hold everything, archives unpacked."""
        folders = [path for path in self.paths if path.is_dir()]
        loose = [path for path in self.paths if path.is_file() and not is_archive(path)]
        packed = [path for path in self.paths if path.is_file() and is_archive(path)]
        for folder in folders:
            packed += sorted(p for p in folder.iterdir() if self._is_wanted_archive(p))
        unpacked = []
        for archive in packed:
            target = self.scratch / archive_stem(archive)
            extract(archive, target)
            unpacked.append(target)
        return (*folders, *unpacked, *loose)

    def _is_wanted_archive(self, path: Path) -> bool:
        if not (path.is_file() and is_archive(path)):
            return False
        known = any(fnmatch(path.name.lower(), pattern.lower()) for pattern in self.archives)
        return known and not path.with_name(archive_stem(path)).exists()

    @cached_property
    def files(self) -> tuple[Path, ...]:
        """Every file, hidden ones and links that loop left out, in a stable order."""
        found: list[Path] = []
        for root in self.roots:
            found += [root] if root.is_file() else sorted(_walk(root))
        return tuple(found)

    @cached_property
    def _by_name(self) -> dict[str, list[Path]]:
        index = defaultdict(list)
        for path in self.files:
            index[path.name].append(path)
        return index

    def parts(self, path: Path) -> tuple[str, ...]:
        """Names of the folders above a file, from its root's own name down."""
        root = next(root for root in self.roots if path == root or root in path.parents)
        return (root.name, *path.relative_to(root).parts[:-1])

    def relative(self, path: Path) -> str:
        """Path of a file below its root, with ``/``."""
        return '/'.join((*self.parts(path)[1:], path.name))

    def find(self, pattern: str) -> list[Path]:
        """Files whose name matches a shell pattern, case ignored."""
        return [path for path in self.files if fnmatch(path.name.lower(), pattern.lower())]

    def find_one(self, name: str) -> Path:
        """The file of that name.

        Raises:
            UserError: it is not there.
        """
        found = self._by_name.get(name)
        if not found:
            places = ', '.join(str(path) for path in self.paths)
            raise UserError(f'{name} is not in {places}; give --source the official release')
        return found[0]

    @cached_property
    def lookup(self) -> PictureLookup:
        """Finds pictures by the names that annotations state."""
        pictures = [path for path in self.files if path.suffix.lower() in IMAGE_SUFFIXES]
        return PictureLookup(pictures, [root for root in self.roots if root.is_dir()])

    def image(self, name: str, beside: Path | None = None) -> Path:
        """The picture of that name, see `picture_lookup`; `beside`: the annotation file.

        Raises:
            ValueError: the name leaves its folder, means no file, or several.
        """
        return self.lookup.find(name, beside)

    def picture_name(self, path: Path) -> str:
        """`relative`, after the name of its root where two roots have the same file."""
        name = self.relative(path)
        if name not in self._shared_names:
            return name
        number = next(i for i, root in enumerate(self.roots) if root in path.parents)
        return f'{self.roots[number].name}_{number + 1}/{name}'

    @cached_property
    def _shared_names(self) -> frozenset[str]:
        counts = Counter(self.relative(path) for path in self.lookup.files)
        return frozenset(name for name, count in counts.items() if count > 1)

    def read_text(self, path: Path, words: Iterable[str] = ()) -> str:
        """Content of a text file, in the encoding in which it names our files or `words`.

        Raises:
            UserError: it cannot be read, is empty, or is binary.
        """
        return decode_among(self.read_data(path), [*self._foreign_names, *words])

    def read_data(self, path: Path) -> bytes:
        """`text.read_data` of a file, which is remembered for messages."""
        self.reading = path
        return read_data(path)

    @cached_property
    def _foreign_names(self) -> list[str]:
        return sorted({path.stem for path in self.files if not path.name.isascii()})


@contextmanager
def malformed_refused(source: Source) -> Iterator[None]:
    """Around the reading of annotations, whose readers take what a file says as its format has it.

    Raises:
        UserError: a field is missing or of another kind; the sentence names the file.
    """
    try:
        yield
    except _OF_CONTENT as error:
        place = source.reading or ', '.join(map(str, source.paths))
        reason = ' '.join(str(error).split())[:200]
        raise UserError(
            f'{place}: is not as its format has it ({type(error).__name__}: {reason}): export or '
            'download it again, or correct it'
        ) from error


def _walk(root: Path) -> Iterator[Path]:
    # Links to folders are followed, as data often lies on another disk; a loop is cut.
    seen: set[str] = set()
    for folder, subfolders, names in os.walk(root, followlinks=True):
        real = os.path.realpath(folder)
        if real in seen:
            subfolders.clear()
            continue
        seen.add(real)
        subfolders[:] = sorted(s for s in subfolders if not s.startswith(('.', '__MACOSX')))
        paths = (Path(folder) / name for name in names if not name.startswith('.'))
        # Pipes and devices would be waited for.
        yield from (path for path in paths if path.is_file() or not path.exists())
