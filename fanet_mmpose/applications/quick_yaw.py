"""How far a head is turned to the side, from five of 68 points: rough, cheap, never refused."""

from __future__ import annotations

import numpy as np

from fanet_mmpose.applications.head_model import head_model

NOSE_TIP, OUTER_CORNERS = 30, (36, 45)


def quick_yaw(points: np.ndarray) -> float:
    """Yaw of `head_pose`, roughly, in degrees: where the tip of the nose lies between the eyes.

    Weak perspective of the mean head; its tip stands out by some millimetres, so that it moves to
    the side by them times the tangent of the yaw, in eye distances that shrink with the cosine.

    Args:
        points: [68, 2] px.
    """
    return float(np.rad2deg(np.arctan(_offset(points) / _lever())))


def _offset(points: np.ndarray) -> float:
    """Of the tip from the middle between the outer corners, along and over their distance."""
    first, last = points[list(OUTER_CORNERS)]
    line = last - first
    return float((points[NOSE_TIP] - (first + last) / 2) @ line / max(line @ line, 1e-12))


def _lever() -> float:
    """How far the tip of the mean head stands out, in distances of the outer corners."""
    mean = head_model().mean
    first, last = mean[list(OUTER_CORNERS)]
    return float(((first + last)[2] / 2 - mean[NOSE_TIP, 2]) / np.linalg.norm(last - first))
