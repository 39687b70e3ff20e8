"""Published weights: found by name, and only handed out if they are the published bytes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from fanet_mmpose.errors import UserError
from fanet_mmpose.weights.cache import cache_folder, fetch, locate
from fanet_mmpose.weights.card import ModelCard, parse_card
from fanet_mmpose.weights.manifest import PublishedFile, files_of, read_manifest

if TYPE_CHECKING:
    from torch import nn

FOLDER = Path(__file__).parent


def names() -> tuple[str, ...]:
    """Names that `find` and `load_model` accept."""
    return tuple(sorted(path.stem for path in FOLDER.glob('*.yml')))


def available() -> tuple[str, ...]:
    """The names whose ONNX file is in the package or in the cache; nothing is checked."""
    manifest = read_manifest(FOLDER)
    wanted = {name: manifest.get(f'{name}.onnx') for name in names()}
    return tuple(
        name
        for name, file in wanted.items()
        if file and (is_here(file) or (cache_folder() / file.name).is_file())
    )


def read_card(name: str) -> ModelCard:
    """What the metafile says of a model; ``-`` in a name is as good as ``_``.

    Raises:
        UserError: there is no such model; the message lists those there are.
    """
    stem = name.replace('-', '_')
    path = FOLDER / f'{stem}.yml'
    if stem not in names():
        there = ', '.join(names()) or 'none in this checkout'
        raise UserError(f'no weights are called {name!r}; there are: {there}')
    return parse_card(path)


def files(name: str) -> dict[str, PublishedFile]:
    """The published files of a model by suffix. Raises `UserError` if there is no such model."""
    return files_of(read_manifest(FOLDER), read_card(name).name)


def find(name: str, suffix: str = '.onnx') -> Path:
    """A published file whose SHA-256 is the manifest's: ``.onnx``, ``.int8.onnx`` or ``.pth``.

    Looked for in the package, then in the cache; nothing is fetched.

    Raises:
        UserError: no such model or file, it is not here yet, or it is damaged.
    """
    there = files(name)
    if suffix not in there:
        raise UserError(f'{name} is not published as {suffix}; there are {", ".join(there)}')
    return locate(there[suffix], FOLDER)


def get(name: str, source: str = '', offline: bool = False) -> list[Path]:
    """All files of a model, or of a detector that is a network, fetched unless they are here.

    Args:
        name: of `names`, or of a detector's file.
        source: folder or address to take them from; empty: the manifest's addresses.
        offline: see `fetch`.

    Raises:
        UserError: there is no such model, or a file cannot be had.
    """
    stem = name.replace('-', '_')
    there = files_of(read_manifest(FOLDER), stem)
    if not there:
        raise UserError(f'no weights are called {name!r}; there are: {", ".join(names())}')
    return [
        locate(file, FOLDER) if is_here(file) else fetch(file, source, offline)
        for file in there.values()
    ]


def is_here(file: PublishedFile) -> bool:
    """Whether the package itself has the file."""
    return (FOLDER / file.path).is_file()


def config_of(name: str) -> Path:
    """The recipe of a shipped model. Raises `UserError` if there is no such model."""
    from fanet_mmpose.base_configs import config_path

    return config_path(Path(read_card(name).config).name)


def load_model(name: str, device: str = 'cpu') -> nn.Module:
    """MMPose's estimator with the shipped weights, ready for `mmpose.apis.inference_topdown`.

    Reads local files only, and from them only data; the wheel does not carry ``.pth`` files.

    Raises:
        UserError: see `find`.
    """
    from mmpose.apis import init_model

    from fanet_mmpose.engine.checkpoint import load_checkpoint
    from fanet_mmpose.engine.configs import load_config

    content = load_checkpoint(find(name, '.pth'))
    model = init_model(load_config(config_of(name)), device=device)
    model.load_state_dict(content['state_dict'])  # half precision is widened on the way in
    return model
