"""A landmark network by its name, its file, or as it is."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import numpy as np

from fanet_mmpose.deploy.model_info import ModelInfo
from fanet_mmpose.deploy.runtime import CropLandmarks, OnnxModel
from fanet_mmpose.errors import UserError

DEFAULT_MODEL = 'fanet_lite_300w'
# Suffixes of shipped files.
BACKENDS = {'onnx': '.onnx', 'onnx-int8': '.int8.onnx', 'torch': '.pth'}


class Model(Protocol):
    """A loaded network: `OnnxModel` or `TorchModel`."""

    info: ModelInfo

    def __call__(self, crops: np.ndarray) -> CropLandmarks: ...


def model_file(model: str | Path, backend: str = 'onnx') -> Path:
    """The file of a model that is named as for `load_backend`; shipped ones are checked.

    Raises:
        UserError: no such weights, a damaged file, an unknown backend.
    """
    from fanet_mmpose import weights

    if Path(model).suffix == '.onnx':
        return Path(model)
    if backend not in BACKENDS:
        raise UserError(f'backend {backend!r} is unknown; one of {", ".join(BACKENDS)}')
    return weights.find(str(model), BACKENDS[backend])


def load_backend(model: str | Path | Model, backend: str = 'onnx', device: str = 'cpu') -> Model:
    """A model by the name of shipped weights, or from an ONNX file; a model itself is returned.

    Raises:
        UserError: no such weights, a damaged file, an unknown backend or device.
    """
    if not isinstance(model, (str, Path)):
        return model
    path = model_file(model, backend)
    return OnnxModel(path, device) if path.suffix == '.onnx' else _torch_model(model, path, device)


def _torch_model(name: str | Path, path: Path, device: str) -> Model:
    from fanet_mmpose import weights

    try:
        from fanet_mmpose.deploy.torch_backend import TorchModel
    except ImportError as error:
        raise UserError(
            f'backend torch needs MMPose ({error.name} is missing): use backend onnx, or see '
            'docs/install.md'
        ) from error
    return TorchModel(weights.config_of(str(name)), path, device)
