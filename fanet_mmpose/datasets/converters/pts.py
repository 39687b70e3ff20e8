"""The ``.pts`` format of iBUG: ``version: 1``, ``n_points: 68`` and a braced list of ``x y``."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from fanet_mmpose.datasets.converters.records import as_points
from fanet_mmpose.datasets.converters.text import numbered_lines
from fanet_mmpose.errors import UserError

MATLAB_BASE = 1.0
"""``.pts`` files and MATLAB count pixels from 1: the first pixel's centre is (1, 1)."""


def read_pts(path: Path, count: int, base: float = MATLAB_BASE) -> np.ndarray:
    """[count, 2] points, 0-based: `base` is subtracted.

    Raises:
        ValueError: the file is not ``.pts``, is cut off, or holds another number of points; the
            message names the line.
    """
    try:
        lines = list(numbered_lines(path))
    except UserError as error:
        raise ValueError(str(error).removeprefix(f'{path}: ')) from None
    if not lines[0][1].startswith('version'):
        raise ValueError(f'{lines[0][0]} is not the first line of a .pts file ("version: 1")')
    opened = next((i for i, (_, text) in enumerate(lines) if text == '{'), None)
    closed = next((i for i, (_, text) in enumerate(lines) if text == '}'), None)
    if opened is None or closed is None:
        raise ValueError(f'{lines[-1][0]} ends without closing the braces: the file is cut off')
    points = np.array([_point(*line) for line in lines[opened + 1 : closed]])
    return as_points(points, count) - base


def _point(where: str, text: str) -> tuple[float, float]:
    try:
        x, y = map(float, text.split())
    except ValueError:
        raise ValueError(f'{where} is not "x y": {text[:40]!r}') from None
    return x, y
