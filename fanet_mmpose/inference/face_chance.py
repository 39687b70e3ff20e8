"""The chance that what was found is a face, from the detector's score and the landmarks' own doubt.

The mean score of the points alone refuses hard faces: it says how well a face can be seen. On what
is no face the network spreads its guesses wider than on a face that is hidden or turned.
"""

from __future__ import annotations

import numpy as np

# Logistic regressions: a constant, the weight of the log odds of the detector's score, and of the
# mean log of the points' scales over the longer side of the box. Fitted on 680 faces (300W, YTF
# train; some of them turned, covered or cut; poses; LFW) against the 393 candidates of BlazeFace in
# 170 pictures without a face, fanet_lite_300w. The second row is for detectors whose scores are
# other things; its constant is moved so that one threshold serves both.
WITH_SCORE = (-9.884, 3.803, -2.081)
WITHOUT = (-16.64, 0.0, -4.828)
# At 0.37 one background picture in 20 has a false face, and 1.2 % of those faces are lost, all of
# them covered by large patches.
MIN_FACE = 0.4
LEAST = 1e-4  # nearer to 0 and 1 a detector's score says no more


def mean_log_scale(scales: np.ndarray, box: np.ndarray) -> float:
    """Mean log of scales [K] px over the longer side of a box [4]; larger is less sure."""
    side = max(float((box[2:] - box[:2]).max()), 1e-6)
    return float(np.log(np.maximum(scales, 1e-9) / side).mean())


def face_chance(log_scale: float, detected: float | None) -> float:
    """Chance in (0, 1).

    Args:
        log_scale: see `mean_log_scale`.
        detected: BlazeFace's score in (0, 1); None where another detector, or the user, says where
            the face is.
    """
    constant, of_score, of_scale = WITHOUT if detected is None else WITH_SCORE
    seen = np.clip(0.5 if detected is None else detected, LEAST, 1 - LEAST)
    logit = constant + of_score * np.log(seen / (1 - seen)) + of_scale * log_scale
    return float(1 / (1 + np.exp(-logit)))
