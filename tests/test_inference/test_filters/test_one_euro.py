"""What holds of the One-Euro filter alone."""

from __future__ import annotations

import numpy as np
import pytest

from fanet_mmpose.inference.filters import Observation
from fanet_mmpose.inference.filters.one_euro import OneEuroFilter, OneEuroOptions


def test_more_beta_lags_less() -> None:
    track = np.arange(60.0)[:, None, None] * np.array([2.0, 1.0])

    def lag(beta: float) -> float:
        smooth = OneEuroFilter(OneEuroOptions(beta=beta))
        for index, frame in enumerate(track):
            smooth.update(Observation(frame, index / 30, 100.0, np.ones(1)))
        return float(np.abs(track[-1] - smooth.points()).max())

    assert lag(50) < lag(5) < lag(0)


def test_it_knows_no_later_frames() -> None:
    smooth = OneEuroFilter()
    smooth.update(Observation(np.zeros((3, 2)), 0.0, 100.0, np.ones(3)))
    with pytest.raises(ValueError, match='no lag'):
        smooth.points(1)
