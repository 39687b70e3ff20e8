"""Two machine-drawn labels of a face, combined to one label with weights.

Errors of two networks that learnt from different faces are nearly independent: the mean weighed by
their inverse variances is better than either, and how far they lie apart tells which points have
low confidence.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

HALF_WEIGHT = 0.06  # of the eye distance apart: half of the weight is left
LOST = 0.3  # median over a face of the distance, from which neither is used


class Agreed(NamedTuple):
    """N faces of K points."""

    points: np.ndarray  # [N, K, 2] px
    weights: np.ndarray  # [N, K] in (0, 1], what a training may give for them
    apart: np.ndarray  # [N, K], distance of the two labels, in eye distances

    @property
    def usable(self) -> np.ndarray:
        """[N] bool: faces on which the two mean the same face."""
        return np.median(self.apart, axis=1) < LOST


def agree(
    first: np.ndarray,
    second: np.ndarray,
    variances: tuple[np.ndarray, np.ndarray],
    unit: np.ndarray,
    half_weight: float = HALF_WEIGHT,
) -> Agreed:
    """Combine two labels.

    Args:
        first, second: [N, K, 2] px.
        variances: of a coordinate of either, [N, K] px².
        unit: [N] px, the eye distance that the face would have if it looked ahead.
        half_weight: see `HALF_WEIGHT`.
    """
    of_first, of_second = (np.maximum(part, 1e-9) for part in variances)
    share = (of_second / (of_first + of_second))[..., None]
    apart = np.linalg.norm(first - second, axis=-1) / unit[:, None]
    return Agreed(
        points=share * first + (1 - share) * second,
        weights=1 / (1 + (apart / half_weight) ** 2),
        apart=apart,
    )
