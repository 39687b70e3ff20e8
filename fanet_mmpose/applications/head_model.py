"""The 3D points of a head that pictures are compared with; no person was measured for them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

FILE = Path(__file__).with_name('head_model.npz')


@dataclass(frozen=True, eq=False)
class HeadModel:
    """A linear model of 68 points of drawn heads, written by `tools/misc/make_head_model.py`.

    Frame: mm, origin midway between the pupils, x to the right of the image, y down, z into the
    head, as OpenCV's camera axes.

    Attributes:
        mean: [68, 3].
        modes: [M, 68, 3], displacement for one standard deviation of each way heads differ in.
        rest: [68], standard deviation along one axis of what the modes leave.
    """

    mean: np.ndarray
    modes: np.ndarray
    rest: np.ndarray

    def shape(self, coefficients: np.ndarray) -> np.ndarray:
        """Points [68, 3] of the head with these coefficients [M]."""
        return self.mean + np.tensordot(coefficients, self.modes, axes=1)


@cache
def head_model() -> HeadModel:
    """The model that ships."""
    with np.load(FILE, allow_pickle=False) as arrays:
        return HeadModel(**{name: arrays[name].astype(float) for name in arrays.files})
