"""Files that the wheel does not carry: where they are kept, and how they get there."""

from __future__ import annotations

import os
import shutil
import urllib.error
import urllib.request
from pathlib import Path
from typing import BinaryIO

from fanet_mmpose.errors import UserError
from fanet_mmpose.files import replacing
from fanet_mmpose.weights.checked import checked_file, sha256
from fanet_mmpose.weights.manifest import PublishedFile

TIMEOUT = 60.0  # s without a byte
CHUNK = 1 << 20


def cache_folder() -> Path:
    """``FANET_CACHE``, else ``fanet_mmpose`` in the user's cache folder."""
    if chosen := os.environ.get('FANET_CACHE'):
        return Path(chosen).expanduser()
    base = os.environ.get('XDG_CACHE_HOME') or '~/.cache'
    return Path(base).expanduser() / 'fanet_mmpose'


def is_offline() -> bool:
    """Whether ``FANET_OFFLINE`` or ``HF_HUB_OFFLINE`` forbids to ask a network."""
    answers = (os.environ.get(name, '') for name in ('FANET_OFFLINE', 'HF_HUB_OFFLINE'))
    return any(answer.lower() in ('1', 'true', 'yes', 'on') for answer in answers)


def locate(file: PublishedFile, folder: Path) -> Path:
    """The file in the package's `folder` or in the cache, if it is the published bytes.

    Raises:
        UserError: it is missing or damaged; the sentence says how to get it.
    """
    if (folder / file.path).is_file():
        return checked_file(folder / file.path, file.sha256)
    cached = cache_folder() / file.name
    get = f'fanet models --get {file.model}'
    if cached.is_file():
        return checked_file(cached, file.sha256, f'run `{get}`')
    raise UserError(
        f'{file.name}: is missing here: run `{get}`, or copy it from fanet_mmpose/weights of a '
        f'checkout into {cached.parent}'
    )


def fetch(file: PublishedFile, source: str = '', offline: bool = False) -> Path:
    """The file in the cache, fetched unless it is there already.

    Args:
        file: of the manifest.
        source: folder, or address of a folder, that has it; empty: the manifest's address.
        offline: whether only a folder may be asked; see also `is_offline`.

    Returns:
        Its path in the cache.

    Raises:
        UserError: it has no address, cannot be reached, is other bytes, or cannot be written.
    """
    target = cache_folder() / file.name
    if target.is_file() and sha256(target) == file.sha256:
        return target
    if source and not is_address(source):
        origin = Path(source) / file.path
        origin = origin if origin.is_file() else Path(source) / file.name
        return _keep(checked_file(origin, file.sha256, 'name another --source'), target)
    address = f'{source.rstrip("/")}/{file.name}' if source else file.url
    if not address:
        raise UserError(
            f'{file.name}: has no address yet: name a folder that has it, `fanet models --get '
            f'{file.model} --source FOLDER`, for example fanet_mmpose/weights of a checkout'
        )
    download(address, target, file.sha256, offline, file.size)
    return target


def is_address(source: str) -> bool:
    """Whether it is a URL."""
    return source.startswith(('http://', 'https://'))


def download(
    address: str, target: Path, expected: str | None, offline: bool = False, most: int = 1 << 20
) -> None:
    """Fetch a file of at most `most` bytes; `target` is written only if SHA-256 is as expected.

    Raises:
        UserError: offline, no answer, other bytes, or the file cannot be written.
    """
    if offline or is_offline():
        raise UserError(f'{address}: is not in {target.parent}, and offline nothing is fetched')
    with replacing(target) as temporary:
        try:
            with urllib.request.urlopen(address, timeout=TIMEOUT) as answer:
                _copy(answer, temporary, most, address)
        except urllib.error.HTTPError as error:
            raise UserError(f'{address}: the server says {error.code} {error.reason}') from error
        except (OSError, ValueError) as error:
            why = getattr(error, 'reason', error)
            raise UserError(f'{address}: cannot be fetched ({why}): is there a network?') from error
        if expected is not None and sha256(temporary) != expected:
            raise UserError(f'{address}: its SHA-256 is not the published one: nothing was kept')


def _copy(answer: BinaryIO, path: Path, most: int, address: str) -> None:
    left = most
    with path.open('wb') as file:
        while chunk := answer.read(min(CHUNK, left + 1)):
            left -= len(chunk)
            if left < 0:
                raise UserError(f'{address}: is larger than {most} bytes: nothing was kept')
            file.write(chunk)


def _keep(origin: Path, target: Path) -> Path:
    with replacing(target) as temporary:
        shutil.copyfile(origin, temporary)
    return target
