"""What a filter is told of a frame."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class Observation:
    """One face in one frame.

    Attributes:
        points: [K, 2], px.
        time: seconds.
        size: of the face, px; the filters' constants are in this unit, so they hold for every
            resolution.
        scales: [K], px, > 0: expected error of each point, as `FaceLandmarks.scales`.
    """

    points: np.ndarray
    time: float
    size: float
    scales: np.ndarray
