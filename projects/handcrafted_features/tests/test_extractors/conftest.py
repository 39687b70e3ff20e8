"""The astronaut's face in grey."""

from __future__ import annotations

import numpy as np
import pytest
from skimage import color, data


@pytest.fixture(scope='session')
def face() -> np.ndarray:
    """[120, 120] in 0..255, whole numbers, so that every library reads the same."""
    grey = color.rgb2gray(data.astronaut()[70:190, 165:285])
    return np.round(grey * 255).astype(np.float32)
