"""How steady and how late landmarks of a video are, where the truth is known."""

from __future__ import annotations

import numpy as np


def mean_flicker(found: np.ndarray, truth: np.ndarray, factors: np.ndarray) -> float:
    """Normalised mean flicker (NMF), in % of the normaliser.

    The quadratic mean, over frames and points, of how far the error vector (found − truth) jumps
    from one frame to the next. A steady error does not flicker. After Micaelli et al.,
    "Recurrence without Recurrence: Stable Video Landmark Detection with Deep Equilibrium Models"
    (LDEQ), CVPR 2023.

    Args:
        found: [T, K, 2], px.
        truth: [T, K, 2], px.
        factors: [T], px: what each frame's jump into it is divided by, e.g. the eye distance.
    """
    jumps = np.diff(found - truth, axis=0) / factors[1:, None, None]
    return 100 * float(np.sqrt((jumps**2).sum(-1).mean()))


def lag_in_frames(found: np.ndarray, truth: np.ndarray) -> float:
    """By how many frames `found` is behind: the d for which error = −d · velocity fits best.

    Args:
        found: [T, K, 2], px.
        truth: [T, K, 2], px, in motion for at least some frames.

    Returns:
        Least squares over frames, points and coordinates; each point's mean error, which is no
        lag, is taken off first. Good for lags that are short beside the motion.
    """
    error, velocity = (found - truth)[1:-1], (truth[2:] - truth[:-2]) / 2
    error = error - error.mean(0)
    velocity = velocity - velocity.mean(0)
    return -float((error * velocity).sum() / (velocity**2).sum())
