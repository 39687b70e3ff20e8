"""A line from a network's visibility to the chance of being visible, and how well it holds."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.optimize import minimize

from fanet_mmpose.evaluation.calibration import average_precision
from fanet_mmpose.inference.visibility import logit

BINS = np.linspace(0, 1, 11)


def fit_line(chances: np.ndarray, visible: np.ndarray) -> tuple[float, float]:
    """Slope and shift of the log odds with the greatest likelihood; arrays of one shape."""
    inputs, signs = logit(chances).ravel(), 2.0 * visible.ravel() - 1

    def surprise(line: np.ndarray) -> float:
        return float(np.logaddexp(0, -signs * (line[0] * inputs + line[1])).mean())

    slope, shift = minimize(surprise, [1.0, 0.0]).x
    return round(float(slope), 4), round(float(shift), 4)


def measure(chances: np.ndarray, visible: np.ndarray) -> dict[str, Any]:
    """Reliability and average precision of chances of being visible.

    Returns:
        ``reliability``: of ten bins of the chance its mean, the share that is visible, and the
        number; ``calibration_error``: their distance, weighted; ``hidden_ap``: average precision
        of the hidden points; ``found`` and ``right``: share of the hidden points below 0.5, and
        share of those below 0.5 that are hidden.
    """
    chances, visible = chances.ravel().astype(float), visible.ravel()
    bins = np.clip(np.digitize(chances, BINS) - 1, 0, len(BINS) - 2)
    curve = [
        (chances[bins == one].mean(), visible[bins == one].mean(), int((bins == one).sum()))
        for one in range(len(BINS) - 1)
        if (bins == one).any()
    ]
    error = sum(abs(mean - share) * count for mean, share, count in curve) / len(chances)
    low = chances < 0.5
    return {
        'points': len(chances),
        'hidden_share': round(float((~visible).mean()), 4),
        'hidden_ap': round(average_precision(-chances, ~visible), 4),
        'calibration_error': round(float(error), 4),
        'found': round(float(low[~visible].mean()), 4),
        'right': round(float((~visible)[low].mean()), 4) if low.any() else None,
        'reliability': [[round(float(m), 4), round(float(s), 4), n] for m, s, n in curve],
    }
