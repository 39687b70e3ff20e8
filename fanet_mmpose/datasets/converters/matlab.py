"""MATLAB files, checked before use: v5 through SciPy, v7.3 through h5py."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import h5py
import numpy as np
import scipy.io

from fanet_mmpose.errors import UserError

HDF5_ERRORS = (OSError, KeyError, ValueError, TypeError, RuntimeError, MemoryError)
"""What h5py raises on damaged files."""


def load_mat(path: Path, required: tuple[str, ...]) -> dict[str, Any]:
    """Variables of a MATLAB 5 file, singleton axes squeezed, structs as objects.

    Raises:
        UserError: the file is no MATLAB 5 file, is damaged, or lacks a variable.
    """
    try:
        variables = scipy.io.loadmat(path, squeeze_me=True, struct_as_record=False)
    except Exception as error:  # SciPy raises a dozen types on damaged files
        reason = ' '.join(str(error).split()) or type(error).__name__
        raise UserError(
            f'{path}: not a MATLAB 5 file, or damaged ({reason}); download it again'
        ) from None
    _require(path, variables, required)
    return variables


def open_mat73(path: Path, required: tuple[str, ...]) -> tuple[h5py.File, list[np.ndarray]]:
    """A MATLAB 7.3 file, which is HDF5 with every array transposed, and its variables.

    Cells are arrays of references; look them up in the file.

    Raises:
        UserError: the file is no HDF5, is damaged, or lacks a variable.
    """
    try:
        mat = h5py.File(path, 'r')
        _require(path, mat, required)
        return mat, [mat[name][()] for name in required]
    except HDF5_ERRORS as error:
        reason = ' '.join(str(error).split())
        raise UserError(
            f'{path}: not a MATLAB 7.3 (HDF5) file, or damaged ({reason}); download it again'
        ) from None


def _require(path: Path, variables: Any, required: tuple[str, ...]) -> None:
    missing = [name for name in required if name not in variables]
    if missing:
        raise UserError(f'{path}: the variable {missing[0]} is missing; is it the right file?')
