"""Checkpoints as data: reading one runs nothing, and one of another network is refused by name."""

from __future__ import annotations

import pickle
import struct
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import torch
from mmengine.logging.history_buffer import HistoryBuffer
from mmengine.utils import digit_version
from torch import nn

from fanet_mmpose.errors import UserError
from fanet_mmpose.models.earlier_keys import rename_keys

ZIP_START = b'PK\x03\x04'
# What reading a damaged file raises, in torch, in its unpickler and in what that one builds.
DAMAGED = (RuntimeError, EOFError, OSError, ValueError, LookupError, TypeError, AttributeError,
           AssertionError, OverflowError, MemoryError, struct.error)  # fmt: skip
# Since 2.6 `torch.load(weights_only=True)` takes safe globals under a name of our choosing.
HAS_NAMED_SAFE_GLOBALS = digit_version(torch.__version__) >= digit_version('2.6.0')


def history_getattr(owner: Any, name: str) -> Any:
    """Stands in for `getattr` in checkpoints: a `HistoryBuffer`'s statistics and nothing else."""
    if owner is not HistoryBuffer and not isinstance(owner, HistoryBuffer):
        raise pickle.UnpicklingError(f'getattr of {type(owner).__name__} is not data')
    if name.startswith('_') or name not in vars(HistoryBuffer):
        raise pickle.UnpicklingError(f'HistoryBuffer.{name} is not data')
    return getattr(owner, name)


def safe_globals() -> dict[str, Any]:
    """What MMEngine's checkpoints name beyond tensors: pickled name -> object.

    NumPy arrays and scalars (meta information of the dataset, under the names of NumPy 1 and 2)
    and the logger's history. Nothing in it reads, writes or runs anything.
    """
    core = np.core if np.__version__.startswith('1.') else np._core
    allowed = {
        'builtins.bytes': bytes,
        'builtins.getattr': history_getattr,
        'builtins.slice': slice,
        'mmengine.logging.history_buffer.HistoryBuffer': HistoryBuffer,
        'numpy.dtype': np.dtype,
        'numpy.ndarray': np.ndarray,
    }
    for package in ('numpy.core', 'numpy._core'):
        allowed[f'{package}.multiarray._reconstruct'] = core.multiarray._reconstruct
        allowed[f'{package}.multiarray.scalar'] = core.multiarray.scalar
    for code in '?bBhHiIlLefdU':
        kind = type(np.dtype(code))
        allowed[f'numpy.dtypes.{kind.__name__}'] = kind
    return allowed


def allow_mmengine_state() -> None:
    """Let every `torch.load(weights_only=True)` of this process read MMEngine's checkpoints.

    MMEngine 0.10.7 knows nothing of that default of torch 2.6; with this it resumes there.
    """
    if HAS_NAMED_SAFE_GLOBALS:
        torch.serialization.add_safe_globals(
            [(thing, name) for name, thing in safe_globals().items()]
        )


class DataUnpickler(pickle.Unpickler):
    """For torch before 2.6: knows tensors and `safe_globals`, refuses every other name."""

    def find_class(self, module: str, name: str) -> Any:
        # torch pickles with protocol 2, which knows builtins by Python 2's name.
        full = f'{module}.{name}'.replace('__builtin__.', 'builtins.')
        if full in safe_globals():
            return safe_globals()[full]
        is_tensor_part = (
            (module == 'torch._utils' and name.startswith('_rebuild_'))
            or (module in ('torch', 'torch.storage') and name.endswith('Storage'))
            or full in ('collections.OrderedDict', '_codecs.encode', 'torch.Size', 'torch.device')
        )
        if not is_tensor_part:
            raise pickle.UnpicklingError(f'{full} is not data')
        return super().find_class(module, name)


def _load(path: Path, map_location: Any) -> Any:
    if HAS_NAMED_SAFE_GLOBALS:
        allow_mmengine_state()
        return torch.load(path, map_location, weights_only=True)
    restricted = ModuleType('restricted_pickle')
    restricted.Unpickler = DataUnpickler  # type: ignore[attr-defined]
    restricted.load = lambda file, **kwargs: DataUnpickler(file, **kwargs).load()  # type: ignore
    return torch.load(path, map_location, weights_only=False, pickle_module=restricted)


def is_whole(path: Path) -> bool:
    """Whether the bytes are those that were saved, as far as the file can tell.

    Checkpoints are ZIP archives with a checksum for each tensor, which torch does not compare; a
    file in torch's older format has none.
    """
    with path.open('rb') as file:
        if file.read(len(ZIP_START)) != ZIP_START:
            return path.stat().st_size > 0
    try:
        with zipfile.ZipFile(path) as archive:
            # A program of TorchScript is no checkpoint, and older torch would load it as one.
            names = archive.namelist()
            return archive.testzip() is None and not any(n.endswith('constants.pkl') for n in names)
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, NotImplementedError, RuntimeError):
        return False


def read_checkpoint(path: str | Path, map_location: Any = 'cpu') -> dict[str, Any]:
    """Read a local checkpoint without running anything that it may contain.

    Returns what was saved, a dict. Raises `UserError` when it is missing, damaged, or holds more
    than data.
    """
    path = Path(path)
    if not path.is_file():
        raise UserError(
            f'{path}: there is no such checkpoint (an address must be downloaded first)'
        )
    try:
        content = _load(path, map_location) if is_whole(path) else None
    except pickle.UnpicklingError as error:
        raise UserError(
            f'{path}: is no checkpoint, or holds more than weights and plain data; it will not be '
            'loaded, because loading could run a program in it: save the state_dict alone'
        ) from error
    except DAMAGED as error:
        raise UserError(f'{path}: is truncated or no checkpoint: fetch it again') from error
    if content is None:
        raise UserError(f'{path}: is damaged, truncated or no checkpoint: fetch it again')
    if not isinstance(content, Mapping):
        raise UserError(f'{path}: field state_dict is missing: give a checkpoint of a training')
    return dict(content)


def load_checkpoint(path: str | Path, map_location: Any = 'cpu') -> dict[str, Any]:
    """`read_checkpoint` for weights of a model; bare weights are put under `state_dict`.

    Raises `UserError` as it does, and when the file holds no weights.
    """
    checkpoint = read_checkpoint(path, map_location)
    if 'state_dict' not in checkpoint:
        checkpoint = {'state_dict': checkpoint}
    weights = checkpoint['state_dict']
    if not isinstance(weights, Mapping) or not any(map(torch.is_tensor, weights.values())):
        raise UserError(f'{path}: field state_dict has no weights: give a checkpoint of a training')
    return checkpoint


def check_schema(checkpoint: Mapping[str, Any], metainfo: Mapping[str, Any], path: str) -> None:
    """Raise `UserError` if the points that were learnt are not the points of this dataset.

    Compares number and mirror pairs, where the checkpoint says them (`meta.dataset_meta`).
    """
    learnt = checkpoint.get('meta', {}).get('dataset_meta') or {}
    for field in ('num_keypoints', 'flip_indices'):
        if field in learnt and field in metainfo:
            theirs, ours = np.asarray(learnt[field]), np.asarray(metainfo[field])
            if not np.array_equal(theirs, ours):
                shown = (
                    f'{theirs} and not {ours}' if theirs.ndim == 0 else 'another order of points'
                )
                raise UserError(
                    f'{path}: field meta.dataset_meta.{field} says {shown} '
                    f'(trained on {learnt.get("dataset_name")}, the config reads '
                    f'{metainfo.get("dataset_name")}): use the config it was trained with'
                )


def check_shapes(checkpoint: Mapping[str, Any], model: nn.Module, path: str) -> None:
    """Raise `UserError` naming the first weight that is missing, unknown or of another shape.

    Buffers of the data preprocessor are the config's own and are not compared.
    """
    given = rename_keys(
        {name.removeprefix('module.'): value for name, value in checkpoint['state_dict'].items()}
    )
    wanted = model.state_dict()
    way_out = 'use the config that the checkpoint was trained with'
    for name in sorted(given.keys() | wanted.keys()):
        if name.startswith('data_preprocessor.'):
            continue
        if name not in given:
            raise UserError(f'{path}: field {name} is missing from state_dict: {way_out}')
        if name not in wanted:
            raise UserError(f"{path}: field {name} is unknown to the config's model: {way_out}")
        if given[name].shape != wanted[name].shape:
            raise UserError(
                f"{path}: field {name} has shape {tuple(given[name].shape)} and the config's model "
                f'{tuple(wanted[name].shape)}: {way_out}'
            )
