"""Every published file of weights: its name, SHA-256, size and address, in one list.

`manifest.json` is what `find`, `fanet models --get` and the wheel's build go by. It is written by
`projects/release/tools/refresh_manifest.py`, and by whatever publishes weights.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from fanet_mmpose.errors import UserError
from fanet_mmpose.files import write_text
from fanet_mmpose.weights.checked import sha256

FILE = 'manifest.json'
SUFFIXES = ('.onnx', '.pth', '.npz')
ABOUT = (
    'Published files: SHA-256, size in bytes, address (empty until published), and whether the '
    'wheel carries it. Written by projects/release/tools/refresh_manifest.py.'
)


@dataclass(frozen=True)
class PublishedFile:
    """An entry.

    Attributes:
        path: relative to the folder of the manifest, with ``/``.
        sha256: hexadecimal digits.
        size: bytes.
        url: where it can be fetched; empty until it is published.
        in_wheel: whether an installed wheel has it.
    """

    path: str
    sha256: str
    size: int
    url: str = ''
    in_wheel: bool = False

    @property
    def name(self) -> str:
        """Of the file."""
        return self.path.rpartition('/')[2]

    @property
    def model(self) -> str:
        """Name of the model that the file belongs to."""
        return self.name.partition('.')[0]


def read_manifest(folder: Path) -> dict[str, PublishedFile]:
    """The entries of a folder's manifest by file name; none where there is no manifest.

    Raises:
        UserError: it is no such file.
    """
    path = folder / FILE
    if not path.is_file():
        return {}
    try:
        files = [PublishedFile(**entry) for entry in json.loads(path.read_text('utf-8'))['files']]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UserError(
            f'{path}: is no manifest of weights ({error}): install the package again'
        ) from error
    return {file.name: file for file in files}


def files_of(manifest: Mapping[str, PublishedFile], model: str) -> dict[str, PublishedFile]:
    """The entries of one model, by the suffix of their names: ``.onnx``, ``.int8.onnx``, …"""
    own = [file for file in manifest.values() if file.model == model]
    return {file.name.removeprefix(model): file for file in own}


def refresh_manifest(folder: Path, in_wheel: tuple[str, ...] = ()) -> dict[str, PublishedFile]:
    """Write the manifest of the files that are in a folder and in those below it.

    A file that did not change keeps its address. `in_wheel` adds names of files to those that the
    wheel carries; the others keep what was said of them.

    Raises:
        UserError: the manifest that is there is none, or cannot be written.
    """
    before = read_manifest(folder)
    there = sorted(path for path in folder.rglob('*') if path.suffix in SUFFIXES)
    after = [_entry(path, folder, before.get(path.name), path.name in in_wheel) for path in there]
    rows = ',\n  '.join(json.dumps(asdict(entry)) for entry in after)
    text = f'{{\n "about": {json.dumps(ABOUT)},\n "files": [\n  {rows}\n ]\n}}\n'
    write_text(folder / FILE, text)
    return {entry.name: entry for entry in after}


def _entry(path: Path, folder: Path, before: PublishedFile | None, in_wheel: bool) -> PublishedFile:
    new = PublishedFile(path.relative_to(folder).as_posix(), sha256(path), path.stat().st_size)
    if before is None:
        return replace(new, in_wheel=in_wheel)
    url = before.url if before.sha256 == new.sha256 else ''
    return replace(new, url=url, in_wheel=in_wheel or before.in_wheel)
