"""What the user pointed at, folders or archives, as one searchable tree."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator
from fnmatch import fnmatch
from functools import cached_property
from pathlib import Path, PurePosixPath

from fanet_mmpose.datasets.converters.archives import archive_stem, extract, is_archive
from fanet_mmpose.errors import UserError

IMAGE_SUFFIXES = ('.jpg', '.jpeg', '.png', '.bmp', '.tif', '.tiff', '.webp')


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
        self.scratch = scratch
        self.archives = archives
        for path in self.paths:
            if not path.exists():
                raise UserError(f'{path}: no such file or folder; check --source')

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

    def image(self, name: str) -> Path:
        """The file whose path ends in exactly this relative name.

        Raises:
            ValueError: the name leaves its folder, or there is no such file.
        """
        wanted = PurePosixPath(name.replace('\\', '/'))
        if wanted.is_absolute() or '..' in wanted.parts or not wanted.name:
            raise ValueError(f'the image path {name!r} leaves its folder')
        for path in self._by_name.get(wanted.name, ()):
            if path.parts[-len(wanted.parts) :] == wanted.parts:
                return path
        raise ValueError(f'the image {name!r} is missing')


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
        yield from (Path(folder) / name for name in names if not name.startswith('.'))
