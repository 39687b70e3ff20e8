"""Roll: the angle by which a face is turned in the picture's plane.

In degrees, in (-180, 180], clockwise as one sees the picture; 0 is upright, 90 is a face whose
crown points to the right. The same number turns an upright picture: y points downwards, so it is
the angle of the line from the eye on the left of an upright face to the one on its right.
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np

from fanet_mmpose.geometry.boxes import tight_box
from fanet_mmpose.geometry.schemas import PointSchema
from fanet_mmpose.geometry.schemas.point_schema import PointGroup


def roll_of_axes(across: np.ndarray, down: np.ndarray) -> np.ndarray:
    """Roll [...] of faces from two directions [..., 2], px: along the eyes, and eyes to mouth.

    Their lengths are their weights: in a profile little is left of the line of the eyes.
    """
    across, down = np.asarray(across, float), np.asarray(down, float)
    # Downwards is a quarter turn clockwise of across.
    x = across[..., 0] + down[..., 1]
    y = across[..., 1] - down[..., 0]
    return np.degrees(np.arctan2(y, x))


def roll_of_points(points: np.ndarray, schema: PointSchema) -> float:
    """Roll of a face from its points [K, 2], px; NaN where the set has no eyes."""
    ends = schema.eye_corners or schema.pupils
    if ends is None:
        return float('nan')
    left, right = ends
    indices, weights = _axes(tuple(left), tuple(right), tuple(schema.parts.get('mouth', ())))
    across, down = (weights @ points[indices]).tolist()
    return math.degrees(math.atan2(across[1] - down[0], across[0] + down[1]))


@lru_cache(maxsize=64)
def _axes(left: PointGroup, right: PointGroup, mouth: PointGroup) -> tuple[np.ndarray, np.ndarray]:
    """Both axes of `roll_of_axes` as sums: of which points, [N], with which weights, [2, N]."""
    half = -0.5 if mouth else 0.0
    across = [*_shares(left, -1.0), *_shares(right, 1.0), *_shares(mouth, 0.0)]
    down = [*_shares(left, half), *_shares(right, half), *_shares(mouth, 1.0)]
    indices, weights = np.array([*left, *right, *mouth]), np.array([across, down])
    indices.flags.writeable = weights.flags.writeable = False  # all callers share them
    return indices, weights


def _shares(group: PointGroup, weight: float) -> list[float]:
    """The weight of each of a group's points where its mean has `weight`."""
    return [weight / len(group)] * len(group) if group else []


def turned(points: np.ndarray, angle: np.ndarray | float) -> np.ndarray:
    """Points [..., 2] turned clockwise round the origin by `angle` [...] or one, degrees."""
    points, radians = np.asarray(points, float), np.deg2rad(angle)
    cosine, sine = np.cos(radians), np.sin(radians)
    x, y = points[..., 0], points[..., 1]
    return np.stack([cosine * x - sine * y, sine * x + cosine * y], axis=-1)


def turned_box_of_points(points: np.ndarray, roll: float) -> np.ndarray:
    """Box [4] x1, y1, x2, y2 that is tight round points [K, 2] once it is turned by `roll`.

    It turns about its own middle, as the boxes of turned faces do everywhere here.
    """
    cosine, sine = math.cos(math.radians(roll)), math.sin(math.radians(roll))
    upright = np.asarray(points, float) @ np.array([[cosine, -sine], [sine, cosine]])
    left, top, right, bottom = tight_box(upright).tolist()
    u, v = (left + right) / 2, (top + bottom) / 2
    x, y = cosine * u - sine * v, sine * u + cosine * v
    width, height = (right - left) / 2, (bottom - top) / 2
    return np.array([x - width, y - height, x + width, y + height])


def box_corners(box: np.ndarray, roll: float) -> np.ndarray:
    """Corners [4, 2] of a box [4] turned by `roll` about its middle, from its own x1, y1 on."""
    x1, y1, x2, y2 = box
    middle = np.array([x1 + x2, y1 + y2]) / 2
    return middle + turned(np.array([[x1, y1], [x2, y1], [x2, y2], [x1, y2]]) - middle, roll)


def difference(first: np.ndarray | float, second: np.ndarray | float) -> np.ndarray:
    """From the second angle to the first, degrees in [-180, 180)."""
    return (np.asarray(first, float) - second + 180) % 360 - 180
