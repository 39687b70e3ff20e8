"""Head rotations as three angles, and back.

Convention, the same as the drawn heads': yaw is positive when the face turns to the right of the
image, pitch when the chin goes down, roll when the head turns clockwise in the image. The head is
pitched first, then turned, then rolled: R = Rz(roll) Ry(yaw) Rx(pitch) with x right, y down and z
towards the viewer; matrices here are in the camera's axes, whose z points away.
"""

from __future__ import annotations

import numpy as np

_FLIP = np.diag([1.0, 1.0, -1.0])  # viewer's z to camera's z


def to_matrix(angles: np.ndarray) -> np.ndarray:
    """Yaw, pitch, roll [3] in degrees -> [3, 3], head to camera axes (z away from the camera)."""
    (cy, cp, cr), (sy, sp, sr) = (part(np.deg2rad(angles)) for part in (np.cos, np.sin))
    pitch = np.array([[1, 0, 0], [0, cp, sp], [0, -sp, cp]])
    yaw = np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]])
    roll = np.array([[cr, -sr, 0], [sr, cr, 0], [0, 0, 1]])
    return _FLIP @ roll @ yaw @ pitch @ _FLIP


def to_angles(matrix: np.ndarray) -> np.ndarray:
    """The inverse of `to_matrix`: yaw within ±90, pitch and roll within ±180 degrees."""
    rotation = _FLIP @ matrix @ _FLIP
    yaw = np.arctan2(-rotation[2, 0], np.hypot(rotation[0, 0], rotation[1, 0]))
    pitch = np.arctan2(-rotation[2, 1], rotation[2, 2])
    # arctan2(sp, cp): the lower row is (-sin yaw, -cos yaw sin pitch, cos yaw cos pitch).
    roll = np.arctan2(rotation[1, 0], rotation[0, 0])
    return np.rad2deg([yaw, pitch, roll])


def rotation_between(first: np.ndarray, second: np.ndarray) -> float:
    """Angle in degrees of the rotation from one matrix [3, 3] to another."""
    cosine = (np.trace(first.T @ second) - 1) / 2
    return float(np.rad2deg(np.arccos(np.clip(cosine, -1, 1))))
