"""Every way in which MMEngine reads a checkpoint leads to the one reader that runs nothing.

MMEngine asks `CheckpointLoader` for whatever is named by ``load_from``, ``--resume``,
``init_cfg=dict(type='Pretrained')``, ``pose2d_weights`` or ``det_weights``. Its own loaders give a
file that is more than data to Python's unpickler, which runs what the file says.
"""

from __future__ import annotations

import hashlib
import shutil
import urllib.request
from collections.abc import Callable, Mapping
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import urlsplit

import torch
from mmengine.runner import CheckpointLoader
from mmengine.runner import checkpoint as host

from fanet_mmpose.engine.checkpoint import read_checkpoint
from fanet_mmpose.errors import UserError
from fanet_mmpose.files import replacing

WEB = ('http://', 'https://')
# Address of weights by name, as MMEngine's own tables have it.
NAMED: dict[str, Callable[[], Mapping[str, str]]] = {
    'modelzoo://': host.get_torchvision_models,
    'torchvision://': host.get_torchvision_models,
    'open-mmlab://': host.get_external_models,
    'openmmlab://': host.get_external_models,
    'mmcls://': host.get_mmcls_models,
}
SHIPPED = 'fanet://'  # weights of this package by name, e.g. fanet://fanet_300w
FINDERS: dict[str, Callable[[str], Path]] = {}  # 'find': name -> file; the plugin sets it
STORAGE = (r'(\S+\:)?s3://', r'(\S+\:)?petrel://', 'pavi://')
TIMEOUT = 60  # seconds without an answer
# Python source of a config, which MMEngine would run.
SOURCES = ('cfg', 'config')


def read_data(path: str | Path, map_location: Any = None) -> dict[str, Any]:
    """A local checkpoint for MMEngine, without the config's source, which is a program.

    Raises `UserError` as `read_checkpoint`.
    """
    content = read_checkpoint(Path(path).expanduser(), map_location or 'cpu')
    meta = content.get('meta')
    if isinstance(meta, Mapping):
        content['meta'] = {name: meta[name] for name in meta if name not in SOURCES}
    return content


def fetch(address: str) -> Path:
    """The file behind a web address, kept in torch's cache, so that a second start needs no net.

    Raises:
        UserError: it cannot be fetched.
    """
    name = PurePosixPath(urlsplit(address).path).name or 'checkpoint.pth'
    digest = hashlib.sha256(address.encode()).hexdigest()[:12]  # two sites may have one name
    path = Path(torch.hub.get_dir()) / 'checkpoints' / f'{digest}-{name}'
    if path.is_file():
        return path
    try:
        with (
            urllib.request.urlopen(address, timeout=TIMEOUT) as answer,
            replacing(path) as temporary,
            temporary.open('wb') as file,
        ):
            shutil.copyfileobj(answer, file)
    except (OSError, ValueError) as error:
        raise UserError(
            f'{address}: cannot be fetched ({error}): fetch it by hand and name the file instead'
        ) from error
    return path


def resolve(address: str) -> str:
    """The web address of a name such as ``torchvision://resnet18``; other text as it is.

    Raises:
        UserError: nothing has that name.
    """
    for prefix, table in NAMED.items():
        if address.startswith(prefix):
            name, known = address.removeprefix(prefix), table()
            if not str(known.get(name, '')).startswith(WEB):
                raise UserError(f'{address}: no weights have this name: give a file or an address')
            return known[name]
    return address


def shipped_file(address: str) -> Path:
    """The file of ``fanet://NAME``.

    Raises:
        UserError: nothing has that name, or the file is not here or not the published one.
    """
    if 'find' not in FINDERS:
        raise UserError(f"{address}: needs 'fanet_mmpose.plugin' in custom_imports")
    return FINDERS['find'](address.removeprefix(SHIPPED))


def local_file(address: str | Path) -> Path:
    """Where a checkpoint lies on this machine, fetched if need be. Raises `UserError`."""
    if str(address).startswith(SHIPPED):
        return shipped_file(str(address))
    address = resolve(str(address))
    return fetch(address) if address.startswith(WEB) else Path(address).expanduser()


def load_from_local(filename: str, map_location: Any = None) -> dict[str, Any]:
    """A path. Raises `UserError` as `read_checkpoint`."""
    return read_data(filename, map_location)


def load_from_address(filename: str, map_location: Any = None, **_: Any) -> dict[str, Any]:
    """A web address, a name that stands for one, or a shipped name. Raises `UserError`."""
    content = read_data(local_file(filename), map_location)
    if filename.startswith('mmcls://'):  # classifiers: their backbone alone is wanted
        weights, prefix = content.get('state_dict', content), 'backbone.'
        return {
            'state_dict': {
                name.removeprefix(prefix): weights[name]
                for name in weights
                if name.startswith(prefix)
            }
        }
    return content


def load_from_storage(filename: str, map_location: Any = None, **_: Any) -> dict[str, Any]:
    """Object storage is not asked. Raises `UserError`, always."""
    raise UserError(f'{filename}: fetch it from the storage first, then give the file')


def install(find: Callable[[str], Path] | None = None) -> None:
    """Put our loaders in the place of MMEngine's, by its own registration.

    Args:
        find: the file of published weights by name; what was set before stays where it is None.
    """
    if find is not None:
        FINDERS['find'] = find
    CheckpointLoader.register_scheme('', load_from_local, force=True)
    CheckpointLoader.register_scheme([SHIPPED, *WEB, *NAMED], load_from_address, force=True)
    CheckpointLoader.register_scheme(list(STORAGE), load_from_storage, force=True)
