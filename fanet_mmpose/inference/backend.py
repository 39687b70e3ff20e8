"""A landmark network by its name, its file, or as it is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Protocol

import numpy as np

from fanet_mmpose.deploy.model_info import ModelInfo
from fanet_mmpose.deploy.runtime import CropLandmarks, OnnxModel
from fanet_mmpose.errors import UserError
from fanet_mmpose.inference.face_chance import SHIPPED

DEFAULT_MODEL = 'fanet_lite_300w'
# Suffixes of shipped files.
BACKENDS = {'onnx': '.onnx', 'onnx-int8': '.int8.onnx', 'torch': '.pth'}
AUTO = 'auto'
CHOICES = (AUTO, *BACKENDS)


class Model(Protocol):
    """A loaded network: `OnnxModel` or `TorchModel`."""

    info: ModelInfo

    def __call__(self, crops: np.ndarray) -> CropLandmarks: ...


def resolved(model: str | Path, backend: str, device: str = 'cpu') -> str:
    """The backend that ``auto`` stands for; another one is returned.

    That is ``onnx-int8`` on a CPU where INT8 weights are published beside the FP32 ones, which they
    are if they lose less than 0.02 % NME (docs/deploy.md), else ``onnx``.

    Raises:
        UserError: no such weights.
    """
    from fanet_mmpose import weights

    if backend != AUTO:
        return backend
    own = Path(model).suffix == '.onnx'
    int8 = device == 'cpu' and not own and BACKENDS['onnx-int8'] in weights.files(str(model))
    return 'onnx-int8' if int8 else 'onnx'


def model_file(model: str | Path, backend: str = 'onnx', device: str = 'cpu') -> Path:
    """The file of a model that is named as for `load_backend`; shipped ones are checked.

    Raises:
        UserError: no such weights, a damaged file, an unknown backend.
    """
    from fanet_mmpose import weights

    if Path(model).suffix == '.onnx':
        return Path(model)
    if backend not in CHOICES:
        raise UserError(f'backend {backend!r} is unknown; one of {", ".join(CHOICES)}')
    return weights.find(str(model), BACKENDS[resolved(model, backend, device)])


def load_backend(model: str | Path | Model, backend: str = AUTO, device: str = 'cpu') -> Model:
    """A model by the name of shipped weights, or from an ONNX file; a model itself is returned.

    Args:
        model: see above.
        backend: for weights by name: of `CHOICES`, see `resolved`.
        device: ``cpu`` or ``cuda``.

    Raises:
        UserError: no such weights, a damaged file, an unknown backend or device.
    """
    if not isinstance(model, (str, Path)):
        return model
    path = model_file(model, backend, device)
    onnx = path.suffix == '.onnx'
    loaded = OnnxModel(path, device) if onnx else _torch_model(model, path, device)
    if Path(model).suffix != '.onnx' and loaded.info.face_fit is None:
        loaded.info = replace(loaded.info, face_fit=SHIPPED)
    return loaded


def _torch_model(name: str | Path, path: Path, device: str) -> Model:
    from fanet_mmpose import weights

    try:
        from fanet_mmpose.deploy.torch_backend import TorchModel
    except ImportError as error:
        raise UserError(
            f'backend torch needs MMPose ({error.name} is missing): use backend onnx, or see '
            'docs/install.md'
        ) from error
    loaded = TorchModel(weights.config_of(str(name)), path, device)
    # Checkpoints carry no metadata; the ONNX file of the same weights does.
    fit = OnnxModel(weights.find(str(name))).info.face_fit
    loaded.info = replace(loaded.info, face_fit=fit)
    return loaded
