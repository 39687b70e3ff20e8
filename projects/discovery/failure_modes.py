"""How discovered points go wrong, told with annotations that the training never saw."""

from __future__ import annotations

from typing import Any

import numpy as np

from fanet_mmpose.geometry.similarity import apply_similarity, fit_similarity
from projects.discovery.linear_probe import FaceSet

REACH = 0.5  # eye distances: how far beyond the annotated points a face still goes


def swapped(points: np.ndarray) -> np.ndarray:
    """[N, K] booleans: a point lies where the mean shape, laid over the face, has another point.

    Args:
        points: [N, K, 2].
    """
    shape = points.mean(0)
    expected = apply_similarity(fit_similarity(shape, points), shape)
    apart = np.linalg.norm(points[:, :, None] - expected[:, None], axis=-1)  # [N, found, expected]
    return apart.argmin(-1) != np.arange(points.shape[1])


def off_face(faces: FaceSet) -> np.ndarray:
    """[N, K] booleans: farther than `REACH` eye distances from the box of the annotated points.

    With five points the box leaves out brows, chin and contour: the reach covers these. Nothing
    that is outside is on the face; not everything inside is.
    """
    reach = REACH * faces.eyes[:, None, None]
    low = faces.annotated.min(1, keepdims=True) - reach
    high = faces.annotated.max(1, keepdims=True) + reach
    return ((faces.discovered < low) | (faces.discovered > high)).any(-1)


def failures(faces: FaceSet) -> dict[str, Any]:
    """Shares of all points, and the worst point of each kind."""
    kinds = {'off_face': off_face(faces), 'swapped': swapped(faces.discovered)}
    result: dict[str, Any] = {}
    for name, failed in kinds.items():
        each = failed.mean(0)
        result[name] = float(failed.mean())
        result[f'{name}_worst'] = {'point': int(each.argmax()), 'share': float(each.max())}
    return result
