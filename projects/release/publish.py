"""From a training checkpoint to files that ship: weights in half precision, ONNX, metafile."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

import fanet_mmpose
from fanet_mmpose.deploy.export import export_onnx
from fanet_mmpose.engine.checkpoint import load_checkpoint
from fanet_mmpose.errors import UserError
from fanet_mmpose.files import replacing
from fanet_mmpose.weights import FOLDER
from fanet_mmpose.weights.card import ModelCard, to_metafile
from fanet_mmpose.weights.manifest import refresh_manifest


@dataclass(frozen=True)
class PublishOptions:
    """What is published besides weights.

    Attributes:
        training_data: for the metafile, with the number of faces.
        results: JSON file, metric -> value, by dataset; or None.
        precisions: ONNX files to write: ``fp32`` -> NAME.onnx, ``int8`` -> NAME.int8.onnx.
        folder: where all goes.
    """

    training_data: str
    results: str | None = None
    precisions: tuple[str, ...] = ('fp32',)
    folder: Path = FOLDER


def halve(weights: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Weights in half precision; a tensor that does not fit its range stays as it is.

    The data preprocessor's buffers come from the config and are left out.
    """
    halved: dict[str, Tensor] = {}
    for name, tensor in weights.items():
        if name.startswith('data_preprocessor.'):
            continue
        small = tensor.half() if tensor.is_floating_point() else tensor
        fits = bool(torch.isfinite(small).all())
        halved[name.removeprefix('module.')] = (small if fits else tensor).contiguous()
    return halved


def plain(value: Any) -> Any:
    """Dicts, lists, strings and numbers, arrays as lists: what every `torch.load` reads as data."""
    if isinstance(value, Mapping):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(inner) for inner in value]
    return value.tolist() if isinstance(value, (np.ndarray, np.generic)) else value


def plain_meta(content: Mapping[str, Any], config: str) -> dict[str, Any]:
    """What a reader of the weights needs: version, recipe, and MMPose's `dataset_meta`."""
    learnt = content.get('meta', {}).get('dataset_meta') or {}
    return dict(fanet_mmpose=fanet_mmpose.__version__, config=config, dataset_meta=plain(learnt))


def publish(
    checkpoint: str | Path, config: str | Path, name: str, options: PublishOptions
) -> ModelCard:
    """Write NAME.pth, NAME.onnx and NAME.yml, and refresh the manifest.

    The averaged weights of a training with `EMAHook` are its checkpoint's `state_dict`.

    Args:
        checkpoint: of a training.
        config: its recipe.
        name: of what ships.
        options: see `PublishOptions`.

    Raises:
        UserError: see `export_onnx`; or the results are not readable.
    """
    content = load_checkpoint(checkpoint)
    weights = options.folder / f'{name}.pth'
    meta = plain_meta(content, Path(config).name)
    results = _read_results(options.results)
    with replacing(weights) as temporary:
        # Legacy pickles would name the temporary file inside; a stream has no name.
        with temporary.open('wb') as stream:
            torch.save(dict(meta=meta, state_dict=halve(content['state_dict'])), stream)
        infos = []
        for precision in options.precisions:
            suffix = '.onnx' if precision == 'fp32' else f'.{precision}.onnx'
            graph = options.folder / f'{name}{suffix}'
            # From the halved weights: what ships as ONNX is what ships as weights.
            infos.append(export_onnx(config, temporary, graph, precision))
    info = infos[0]
    card = ModelCard(
        name=name,
        config=f'configs/{Path(config).name}',
        schema=info.schema.name,
        width=info.input_size[0],
        height=info.input_size[1],
        training_data=options.training_data,
        licence=info.licence,
        results=results,
    )
    with replacing(options.folder / f'{name}.yml') as temporary:
        temporary.write_text(to_metafile(card), encoding='utf-8')
    refresh_manifest(options.folder)
    return card


def _read_results(path: str | None) -> dict[str, dict[str, float]]:
    if path is None:
        return {}
    try:
        return json.loads(Path(path).read_text(encoding='utf-8'))
    except (OSError, ValueError) as error:
        raise UserError(f'{path}: is no readable JSON of results ({error})') from error
