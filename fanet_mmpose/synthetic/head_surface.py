"""The neutral head as a smooth surface over a flat chart.

Chart coordinates (u, v) are millimetres of skin: u around the head (0 at the front, positive to
the right of the image), v down the front (see `anatomy.RING_HEIGHTS`).
"""

from __future__ import annotations

from functools import cache

import numpy as np
from scipy.interpolate import CubicSpline, PchipInterpolator

from fanet_mmpose.synthetic import anatomy

MM_PER_RADIAN = 70.0
BACK_U = np.pi * MM_PER_RADIAN


@cache
def _ring_spline() -> CubicSpline:
    return CubicSpline(anatomy.RING_HEIGHTS, anatomy.RINGS)


def rings_to_chart(outline: np.ndarray) -> np.ndarray:
    """(degrees, fractional ring) [N, 2] -> (u, v) [N, 2]."""
    v = np.interp(outline[:, 1], np.arange(len(anatomy.RING_HEIGHTS)), anatomy.RING_HEIGHTS)
    return np.stack([np.deg2rad(outline[:, 0]) * MM_PER_RADIAN, v], axis=1)


def plain_head(chart: np.ndarray) -> np.ndarray:
    """The head without features at chart points [N, 2]: [N, 3] mm."""
    angle = chart[:, 0] / MM_PER_RADIAN
    rings = _ring_spline()(chart[:, 1])
    y_front, y_side, half_width, z_front, z_side, z_back, exponent = rings.T
    sine, cosine = np.sin(angle), np.cos(angle)
    radius = (np.abs(sine) ** exponent + np.abs(cosine) ** exponent) ** (-1 / exponent)
    depth = np.where(cosine > 0, z_front - z_side, z_side - z_back)
    climb = np.abs(np.sin(np.clip(angle, -np.pi / 2, np.pi / 2))) ** 4
    return np.stack([
        half_width * radius * sine,
        y_front + (y_side - y_front) * climb,
        z_side + depth * radius * cosine,
    ], axis=1)  # fmt: skip


def feature_height(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """How far nose, brows, lips, ... stand out of the plain head towards the camera [N], mm."""
    ridge = PchipInterpolator(*anatomy.NOSE_RIDGE.T, extrapolate=False)
    width = PchipInterpolator(*anatomy.NOSE_WIDTHS.T, extrapolate=False)
    spread = np.nan_to_num(width(y), nan=20.0)
    height = np.nan_to_num(ridge(y)) * np.exp(-(np.abs(x / spread) ** 1.7))
    for x0, y0, sigma_x, sigma_y, bump in anatomy.BUMPS:
        for side in (1, -1) if x0 else (1,):
            height += bump * np.exp(
                -0.5 * (((x - side * x0) / sigma_x) ** 2 + ((y - y0) / sigma_y) ** 2)
            )
    return height


def _wrap_eyeballs(points: np.ndarray) -> np.ndarray:
    """Lay the lids on a sphere a little larger than the eyeball."""
    centre = anatomy.EYE_CENTRE
    distance = np.hypot((np.abs(points[:, 0]) - centre[0]) / 1.05, points[:, 1] - centre[1])
    on_ball = centre[2] + np.sqrt(np.maximum(anatomy.LID_RADIUS**2 - distance**2, 0))
    weight = np.clip((14.5 - distance) / 6.5, 0, 1)
    weight = weight * weight * (3 - 2 * weight) * (points[:, 2] > -60)
    wrapped = points.copy()
    wrapped[:, 2] += weight * (on_ball - points[:, 2])
    return wrapped


def head(chart: np.ndarray) -> np.ndarray:
    """The neutral head at chart points [N, 2]: [N, 3] mm in the head's frame."""
    points = plain_head(chart)
    front = np.clip((points[:, 2] + 70) / 30, 0, 1)
    points[:, 2] += front * feature_height(points[:, 0], points[:, 1])
    return _wrap_eyeballs(points)


def frontal_to_chart(frontal: np.ndarray) -> np.ndarray:
    """Chart points [N, 2] whose plain head has these frontal (x, y) [N, 2], by Newton's method."""
    chart = np.stack([
        np.arcsin(np.clip(frontal[:, 0] / 72, -0.99, 0.99)) * MM_PER_RADIAN, frontal[:, 1]
    ], axis=1).astype(float)  # fmt: skip
    for _ in range(25):
        residual = plain_head(chart)[:, :2] - frontal
        step = 1e-3
        columns = [
            (plain_head(chart + step * axis)[:, :2] - plain_head(chart - step * axis)[:, :2])
            for axis in np.eye(2)
        ]
        jacobian = np.stack(columns, axis=2) / (2 * step)
        move = np.linalg.solve(jacobian, residual[..., None])[..., 0]
        chart -= np.clip(move, -8, 8)
    return chart
