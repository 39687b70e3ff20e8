"""The filters' interface: what they are told of a frame, and what they answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

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


class PointFilter(Protocol):
    """Smooths the points of one face, frame by frame."""

    def update(self, seen: Observation) -> None:
        """Take the next frame. A time that does not advance starts the filter anew."""
        ...

    def points(self, back: int = 0) -> np.ndarray:
        """Smoothed points [K, 2], px, of the frame `back` updates ago, `back` ≤ the filter's lag.

        Those of earlier frames are smoothed by what was seen since.
        """
        ...
