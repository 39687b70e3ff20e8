"""Models, checkpoints and the folder of a hub."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import onnx
import torch

from fanet_mmpose.deploy.runtime import OnnxModel
from fanet_mmpose.engine.checkpoint import load_checkpoint
from fanet_mmpose.inference.landmarker import FaceLandmarker
from fanet_mmpose.weights.checked import sha256
from fanet_mmpose.weights.repository import model_in_folder
from helpers.blob_model import SIZE, picture_with_spots, write_blob_model
from helpers.fuzz.mutations import MARK
from helpers.fuzz.target import Target
from helpers.trapped_checkpoint import Trap

MODEL = 'blob.onnx'


def model_targets() -> Iterator[Target]:
    """ONNX files by their metadata and by their bytes, checkpoints, a hub's `config.json`."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        model = write_blob_model(folder / MODEL).read_bytes()
        props = onnx.load_model_from_string(model).metadata_props
        metadata = {entry.key: entry.value for entry in props}
        repository = {'format': 1, 'name': 'blob', 'files': {'model.onnx': {
            'size': len(model), 'sha256': sha256(folder / MODEL)}}}  # fmt: skip
        checkpoint, trapped = _checkpoint(folder), _checkpoint(folder, trap=Trap(Path(MARK)))
        old = _checkpoint(folder, trap=Trap(Path(MARK)), _use_new_zipfile_serialization=False)
    described = {MODEL: model, 'meta.json': json.dumps(_plain(metadata)).encode()}
    yield Target('onnx metadata', described, ['meta.json'], _with_metadata)
    yield Target('onnx', {MODEL: model}, [MODEL], _find)
    for kind, content in (('', checkpoint), (' with a program', trapped), (' of old torch', old)):
        yield Target(f'checkpoint{kind}', {'a.pth': content}, ['a.pth'],
                     lambda: load_checkpoint('a.pth'))  # fmt: skip
    files = {'hub/config.json': json.dumps(repository).encode(), 'hub/model.onnx': model}
    yield Target('hub folder', files, ['hub/config.json', 'hub/model.onnx'],
                 lambda: model_in_folder(Path('hub'), 'onnx'))  # fmt: skip


def _plain(metadata: dict[str, str]) -> dict:
    """Values that are JSON themselves become a part of the tree, so that mutations reach them."""
    tree = {}
    for key, text in metadata.items():
        try:
            tree[key] = json.loads(text)
        except ValueError:
            tree[key] = text
    return tree


def _with_metadata() -> None:
    """The model with what `meta.json` says; metadata of ONNX is texts by texts."""
    try:
        fields = json.loads(Path('meta.json').read_bytes())
    except (ValueError, RecursionError):
        fields = Path('meta.json').read_text('utf-8', 'replace')
    fields = fields if isinstance(fields, dict) else {'fanet.points': fields}
    model = onnx.load(MODEL)
    del model.metadata_props[:]
    texts = {
        key: value if isinstance(value, str) else json.dumps(value) for key, value in fields.items()
    }
    onnx.helper.set_model_props(model, texts)
    onnx.save(model, MODEL)
    _find()


def _find() -> None:
    OnnxModel(MODEL)(np.zeros((0, SIZE, SIZE, 3), np.uint8))
    landmarker = FaceLandmarker(MODEL, 'whole_image')
    landmarker(picture_with_spots([(32, 30)], radius=8, shape=(64, 64)))


def _checkpoint(folder: Path, trap: object = None, **options: bool) -> bytes:
    weights = {'conv.weight': torch.arange(200.0), 'conv.bias': torch.ones(3)}
    content = dict(state_dict=weights, meta=dict(epoch=1, names=np.arange(3)), optimizer=trap)
    torch.save(content, folder / 'a.pth', **options)
    return (folder / 'a.pth').read_bytes()
