"""Unpack an archive safely: nothing outside its folder, no links, no half-written file."""

from __future__ import annotations

import bz2
import errno
import gzip
import lzma
import os
import shutil
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO

from tqdm import tqdm

from fanet_mmpose.datasets.converters.text import decode
from fanet_mmpose.errors import UserError
from fanet_mmpose.files import partial_name

ARCHIVE_SUFFIXES = ('.tar', '.tar.gz', '.tgz', '.tar.bz2', '.tar.xz', '.zip')
_DAMAGED = (tarfile.TarError, zipfile.BadZipFile, EOFError, zlib.error, lzma.LZMAError, OSError,
            NotImplementedError, RuntimeError)  # fmt: skip
_LITTER = ('__MACOSX', '.DS_Store')
_OPENERS = {'.gz': gzip.open, '.tgz': gzip.open, '.bz2': bz2.open, '.xz': lzma.open}
MAX_RATIO = 200
"""How much larger than the archive its content may be; text packs 20 to 1, pictures not at all."""
FREE = 2**28
"""Bytes that an archive may always unpack to."""
MAX_MEMBERS = 5_000_000


def is_archive(path: Path) -> bool:
    """Whether the name is an archive's."""
    return path.name.lower().endswith(ARCHIVE_SUFFIXES)


def archive_stem(path: Path) -> str:
    """The name without any of `ARCHIVE_SUFFIXES`."""
    suffix = max((s for s in ARCHIVE_SUFFIXES if path.name.lower().endswith(s)), key=len)
    return path.name[: -len(suffix)]


def safe_member(archive: Path, name: str) -> Path | None:
    """Path of a member relative to the archive's root; None for a file system's litter.

    Raises:
        UserError: the member would land outside the root.
    """
    path = PurePosixPath(name.replace('\\', '/'))
    if path.is_absolute() or '..' in path.parts or ':' in (path.parts or ('',))[0]:
        raise UserError(f'{archive}: refused, its member {name!r} leaves the archive root')
    if any(part in _LITTER or part.startswith('._') for part in path.parts):
        return None
    return Path(*path.parts)


def extract(archive: Path, folder: Path) -> None:
    """Unpack a tar (plain, gz, bz2, xz) or zip below `folder`; members already there are kept.

    Members are written under a temporary name and renamed, so an interrupted run is continued
    by the next one.

    Raises:
        UserError: the archive is damaged, holds a link or device, leaves its root, or unpacks to
            far more than its size.
        OSError: the disk is full or cannot be written to; the same call continues.
    """
    allowed = max(FREE, MAX_RATIO * archive.stat().st_size)
    unpack = _zip_members if archive.name.lower().endswith('.zip') else _tar_members
    try:
        with (
            archive.open('rb') as stream,
            tqdm(
                total=archive.stat().st_size,
                desc=f'unpack {archive.name}',
                unit='B',
                unit_scale=True,
                disable=None,
            ) as bar,
        ):
            for count, (member, size, content) in enumerate(unpack(archive, stream), start=1):
                allowed -= size
                if allowed < 0 or count > MAX_MEMBERS:
                    raise UserError(
                        f'{archive}: refused, it unpacks to more than {MAX_RATIO} times its size '
                        f'or {MAX_MEMBERS} files; unpack it yourself if you trust it'
                    )
                _write_member(folder / member, size, content)
                bar.update(min(stream.tell(), bar.total) - bar.n)
    except _DAMAGED as error:
        if isinstance(error, OSError) and error.errno not in (None, errno.EINVAL):
            raise  # the disk's fault, not the archive's; EINVAL: it names a place before its start
        reason = str(error) or type(error).__name__
        raise UserError(f'{archive}: damaged or truncated ({reason}); download it again') from None


Member = tuple[Path, int, IO[bytes]]


def _tar_members(archive: Path, stream: IO[bytes]) -> Iterator[Member]:
    # The openers check the sums at the end of the stream; tarfile's own streams do not.
    opener = _OPENERS.get(PurePosixPath(archive.name.lower()).suffix)
    plain = opener(stream) if opener else stream
    with tarfile.open(fileobj=plain, mode='r|', encoding='utf-8') as tar:
        for member in tar:
            name = decode(member.name.encode('utf-8', 'surrogateescape'))
            path = safe_member(archive, name)
            if path is None or member.isdir():
                continue
            content = None if member.issym() or member.islnk() else tar.extractfile(member)
            if content is None:
                raise UserError(f'{archive}: refused, its member {name!r} is a link or a device')
            yield path, member.size, content
    while plain.read(2**20):
        pass


def _zip_members(archive: Path, stream: IO[bytes]) -> Iterator[Member]:
    with zipfile.ZipFile(stream) as packed:
        for member in packed.infolist():
            name = member.filename
            if not member.flag_bits & 0x800:  # not declared UTF-8: zipfile guessed cp437
                name = decode(name.encode('cp437', 'replace'))
            path = safe_member(archive, name)
            if path is None or member.is_dir():
                continue
            if stat.S_ISLNK(member.external_attr >> 16):
                raise UserError(f'{archive}: refused, its member {name!r} is a link or a device')
            with packed.open(member) as content:
                yield path, member.file_size, content


def _write_member(target: Path, size: int, content: IO[bytes]) -> None:
    if target.is_file() and target.stat().st_size == size:
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = partial_name(target)
    with partial.open('wb') as out:
        shutil.copyfileobj(content, out)
    if partial.stat().st_size != size:
        raise EOFError(f'{target.name} ends early')
    os.replace(partial, target)
