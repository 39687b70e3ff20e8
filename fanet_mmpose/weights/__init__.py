"""The weights that ship: found by name, and only handed out if they are the published bytes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from fanet_mmpose.errors import UserError
from fanet_mmpose.weights.card import ModelCard, parse_card
from fanet_mmpose.weights.checked import checked_file

if TYPE_CHECKING:
    from torch import nn

FOLDER = Path(__file__).parent


def names() -> tuple[str, ...]:
    """Names that `find` and `load_model` accept."""
    return tuple(sorted(path.stem for path in FOLDER.glob('*.yml')))


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


def find(name: str, suffix: str = '.onnx') -> Path:
    """A shipped file whose SHA-256 is the metafile's: ``.onnx``, ``.int8.onnx`` or ``.pth``.

    Raises:
        UserError: no such model or file, or the file is damaged.
    """
    card = read_card(name)
    path = FOLDER / f'{card.name}{suffix}'
    expected = card.checksums.get(path.name)
    if expected is None:
        raise UserError(f'{name} does not ship as {suffix}; there are {", ".join(card.checksums)}')
    return checked_file(path, expected)


def config_of(name: str) -> Path:
    """The recipe of a shipped model. Raises `UserError` if there is no such model."""
    from fanet_mmpose.base_configs import config_path

    return config_path(Path(read_card(name).config).name)


def load_model(name: str, device: str = 'cpu') -> nn.Module:
    """MMPose's estimator with the shipped weights, ready for `mmpose.apis.inference_topdown`.

    Reads local files only, and from them only data.

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
