"""A folder with one model, as it lies on a hub or a server: `config.json` says what is in it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from fanet_mmpose.errors import UserError
from fanet_mmpose.weights.cache import cache_folder, download, is_offline
from fanet_mmpose.weights.checked import checked_file
from fanet_mmpose.weights.manifest import PublishedFile

CONFIG, FORMAT = 'config.json', 1
# Files by backend; no other is needed to find landmarks.
MODELS: Mapping[str, str] = {'onnx': 'model.onnx', 'onnx-int8': 'model.int8.onnx'}
WEIGHTS, RECIPE, PICTURE, CARD = 'model.safetensors', 'config.py', 'picture.jpg', 'README.md'


@dataclass(frozen=True)
class Repository:
    """What `config.json` says.

    Attributes:
        name: of the model.
        files: by file name.
    """

    name: str
    files: Mapping[str, PublishedFile]

    def model_file(self, backend: str, place: str) -> PublishedFile:
        """The network of a backend. Raises `UserError`, naming `place`, if there is none."""
        if backend not in MODELS:
            raise UserError(f'backend {backend!r} of {place}: one of {", ".join(MODELS)}')
        if MODELS[backend] not in self.files:
            raise UserError(f'{place}: has no {MODELS[backend]}: use backend onnx')
        return self.files[MODELS[backend]]


def read_repository(path: Path, place: str) -> Repository:
    """Read a `config.json`.

    Args:
        path: of the file.
        place: named in messages.

    Raises:
        UserError: it is missing, or no such file.
    """
    if not path.is_file():
        raise UserError(
            f'{place}: has no {CONFIG}: name a folder that tools/misc/make_hub_repo.py wrote'
        )
    try:
        content = json.loads(path.read_text('utf-8'))
        if content['format'] != FORMAT:
            raise ValueError(f'format {content["format"]}, not {FORMAT}')
        given = {name: PublishedFile(name, **about) for name, about in content['files'].items()}
        return Repository(content['name'], given)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise UserError(f'{place}: its {CONFIG} is none of this package ({error})') from error


def model_in_folder(folder: Path, backend: str, place: str = '') -> Path:
    """The network's file in a repository's folder, if it is the bytes of its `config.json`.

    Raises:
        UserError: see `read_repository`; or the file is missing or damaged.
    """
    place = place or str(folder)
    file = read_repository(folder / CONFIG, place).model_file(backend, place)
    return checked_file(folder / file.name, file.sha256, 'fetch the folder again')


def model_at_address(address: str, backend: str, offline: bool = False) -> Path:
    """The network's file of a repository on a web server, from the cache if it is there.

    `config.json` is asked for each time, unless offline.

    Raises:
        UserError: no answer, no such repository, or other bytes than its `config.json` says.
    """
    address = address.rstrip('/')
    folder = cache_folder() / 'addresses' / address.partition('://')[2].replace('/', '--')
    if not (offline or is_offline()):
        download(f'{address}/{CONFIG}', folder / CONFIG, None)
    elif not (folder / CONFIG).is_file():
        raise UserError(f'{address}: is not in {folder}, and offline nothing is fetched')
    file = read_repository(folder / CONFIG, address).model_file(backend, address)
    target = folder / file.name
    if not _is_whole(target, file.sha256):
        download(f'{address}/{file.name}', target, file.sha256, offline, file.size)
    return target


def _is_whole(path: Path, expected: str) -> bool:
    try:
        return bool(checked_file(path, expected))
    except UserError:
        return False
