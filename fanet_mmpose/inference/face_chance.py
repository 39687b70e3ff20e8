"""The chance that what was found is a face, from the detector's score and the points' scales.

The mean score of the points alone refuses hard faces: it says how well a face can be seen. On what
is no face the network spreads its guesses wider than on a face that is hidden or turned. How wide
differs from model to model, so the numbers are fitted for each and written into its file by
`projects/face_detector/tools/fit_face_chance.py`. A model without them refuses no face by its
points: the detector's score decides alone, and where there is none, the detector itself.
"""

from __future__ import annotations

import math

import numpy as np

from fanet_mmpose.deploy.model_info import FaceFit

# The constants of each fit are moved so that one threshold serves every model.
MIN_FACE = 0.4
LEAST = 1e-4  # nearer to 0 and 1 a detector's score says no more
LARGEST = 700.0  # whose exponential is still a number
# Of shipped models whose file has no fit of its own. Fitted for `fanet_lite_300w_v1` on 680 faces
# (300W, YTF train; some of them turned, covered or cut; poses; LFW) against the 393 candidates of
# BlazeFace in 170 pictures without a face; the others were not measured with it.
SHIPPED = FaceFit(-9.884, 3.803, -2.081, -16.64, -4.828)


def mean_log_scale(scales: np.ndarray, box: np.ndarray) -> float:
    """Mean log of scales [K] px over the longer side of a box [4]; larger is less sure."""
    side = max(float(box[2] - box[0]), float(box[3] - box[1]), 1e-6)
    logs = np.log(np.maximum(scales, 1e-9))
    return mean(logs) - math.log(side)


def mean(values: np.ndarray) -> float:
    """Of values [K]; `np.mean` takes three times as long."""
    return float(np.add.reduce(values) / len(values))


def log_odds(score: np.ndarray | float) -> np.ndarray:
    """Of scores in [0, 1], kept finite."""
    seen = np.minimum(np.maximum(score, LEAST), 1 - LEAST)
    return np.log(seen / (1 - seen))


def face_chance(log_scale: float, detected: float | None, fit: FaceFit | None) -> float:
    """Chance in [0, 1]; 1 where nothing is known that could refuse it.

    Args:
        log_scale: see `mean_log_scale`.
        detected: BlazeFace's score in (0, 1); None where another detector, or the user, says where
            the face is.
        fit: of the model; None where it has none.
    """
    if fit is None:
        return 1.0 if detected is None else float(detected)
    if detected is None:
        logit = fit.alone_constant + fit.alone_of_scale * log_scale
    else:
        logit = fit.constant + fit.of_score * log_odds(detected) + fit.of_scale * log_scale
    return 1 / (1 + math.exp(min(-logit, LARGEST)))
