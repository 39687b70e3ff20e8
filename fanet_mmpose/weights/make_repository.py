"""Write the folder of one published model, ready to be pushed to a hub or put on a server."""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path

import fanet_mmpose
from fanet_mmpose import weights
from fanet_mmpose.errors import UserError
from fanet_mmpose.files import make_folder
from fanet_mmpose.weights.card import ModelCard
from fanet_mmpose.weights.checked import sha256
from fanet_mmpose.weights.model_card import Limits, to_readme
from fanet_mmpose.weights.repository import (
    CARD,
    CONFIG,
    FORMAT,
    MODELS,
    PICTURE,
    RECIPE,
    WEIGHTS,
)

SUFFIXES = {'onnx': '.onnx', 'onnx-int8': '.int8.onnx'}


def make_repository(name: str, out: Path, picture: Path, limits: Limits | None = None) -> Path:
    """Write networks, weights, recipe, `config.json`, model card and picture of a model.

    Args:
        name: of published weights.
        out: folder that is not there yet, or empty.
        picture: JPEG of faces with the model's points.
        limits: for the model card.

    Returns:
        `out`.

    Raises:
        UserError: no such weights, `out` is in use or cannot be written, or safetensors or
            MMPose is missing.
    """
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise UserError(f'{out}: is there already: name a new folder')
    card = weights.read_card(name)
    make_folder(out.parent)
    temporary = Path(tempfile.mkdtemp(prefix=f'.{out.name}-', dir=out.parent))
    try:
        _write(card, temporary, picture, limits)
        for path in (temporary, *temporary.iterdir()):  # some writers keep files to their owner
            path.chmod(0o755 if path.is_dir() else 0o644)
        if out.exists():
            out.rmdir()
        temporary.rename(out)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    return out


def _write(card: ModelCard, folder: Path, picture: Path, limits: Limits | None) -> None:
    published = weights.files(card.name)
    for backend, suffix in SUFFIXES.items():
        if suffix in published:
            shutil.copyfile(weights.find(card.name, suffix), folder / MODELS[backend])
    _write_weights(card, folder)
    shutil.copyfile(picture, folder / PICTURE)
    files = {
        path.name: {'sha256': sha256(path), 'size': path.stat().st_size}
        for path in sorted(folder.iterdir())
    }
    about = {
        'format': FORMAT, 'library_name': 'fanet_mmpose', 'version': fanet_mmpose.__version__,
        'name': card.name, 'schema': card.schema, 'input_size': [card.width, card.height],
        'licence': card.licence, 'files': files,
    }  # fmt: skip
    (folder / CONFIG).write_text(json.dumps(about, indent=1) + '\n', encoding='utf-8')
    (folder / CARD).write_text(to_readme(card, limits), encoding='utf-8')


def _write_weights(card: ModelCard, folder: Path) -> None:
    """`model.safetensors`, the state dict as it is published, and the recipe without its bases."""
    try:
        from safetensors.torch import save_file

        from fanet_mmpose.engine.checkpoint import load_checkpoint
        from fanet_mmpose.engine.configs import load_config
    except ImportError as error:
        raise UserError(
            f'a repository needs MMPose and safetensors ({error.name} is missing): '
            'see docs/install.md'
        ) from error
    state = load_checkpoint(weights.find(card.name, '.pth'))['state_dict']
    about = {'format': 'pt', 'fanet_mmpose': fanet_mmpose.__version__, 'name': card.name}
    save_file({key: value.contiguous() for key, value in state.items()}, folder / WEIGHTS, about)
    load_config(weights.config_of(card.name)).dump(str(folder / RECIPE))
