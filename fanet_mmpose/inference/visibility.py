"""From what a network says of a point to the chance that it can be seen.

One logistic line for each shipped model (Platt, "Probabilistic outputs for support vector
machines", 1999), fitted by `projects/applications/tools/fit_visibility.py`. For a network that
learnt no visibility it turns the scores into one: a point that is badly known is more often hidden.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import numpy as np

FILE = Path(__file__).with_name('visibility.json')
LEAST = 1e-4  # nearer to 0 and 1 a network says no more


def logit(chances: np.ndarray) -> np.ndarray:
    """Log odds of chances in [0, 1], which are kept `LEAST` off both ends."""
    clipped = np.minimum(np.maximum(np.asarray(chances, float), LEAST), 1 - LEAST)
    return np.log(clipped / (1 - clipped))


def apply_line(chances: np.ndarray, slope: float, shift: float) -> np.ndarray:
    """Chances whose log odds are ``slope * log odds + shift``; same shape and type."""
    changed = 1 / (1 + np.exp(-slope * logit(chances) - shift))
    return changed.astype(np.asarray(chances).dtype)


def calibrated_visibility(model: str, visibility: np.ndarray) -> np.ndarray:
    """Chances in (0, 1) that points are visible.

    Args:
        model: `ModelInfo.name`; one that is not in `FILE` keeps its visibility.
        visibility: any shape, as the network gives it.
    """
    line = line_of(model)
    if line is None:
        return visibility
    return apply_line(visibility, *line)


def line_of(model: str) -> tuple[float, float] | None:
    """Slope and shift of a model, by `ModelInfo.name`; None where it has no calibration."""
    return _lines().get(model)


@cache
def _lines() -> dict[str, tuple[float, float]]:
    content = json.loads(FILE.read_text(encoding='utf-8'))
    return {name: (one['slope'], one['shift']) for name, one in content['models'].items()}
