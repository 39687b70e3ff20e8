"""Where the points of the face lie on MakeHuman's head, set by hand on its mean shape.

Frontal (x, y) in mm on the mean of six young adults, pupils 62 apart, x >= 0 and mirrored, read off
pictures of the bare mesh. Definitions are those of `anatomy`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.interpolate import PchipInterpolator, RBFInterpolator

from fanet_mmpose.geometry.schemas import get_schema
from fanet_mmpose.synthetic.landmark_curves import OUTLINE_STEPS, landmark_curves, resample

_UPPER_LID = np.array([[44.3, 1.0], [42, -1.1], [38, -2.5], [33, -3.1], [28, -2.5], [24, -1.3],
                       [20.5, 1.2], [17.3, 4.3]])  # fmt: skip
_LOWER_LID = np.array([[44.3, 1.0], [43.1, 3.6], [38, 5.4], [33, 5.8], [28, 5.7], [23, 5.3],
                       [17.3, 4.3]])  # fmt: skip
_UPPER_BROW = np.array([[55, -9.8], [46, -16.8], [34.5, -19.8], [23.5, -18.3], [12, -14.3]])
_LOWER_BROW = np.array([[55, -9.8], [45, -12.8], [33, -14.5], [22.5, -12.6], [12.5, -8.8]])
_OUTER_UPPER_LIP = np.array([[24.2, 73.2], [15, 65.6], [5.5, 61.7], [0, 62.9]])
_OUTER_LOWER_LIP = np.array([[24.2, 73.2], [16.5, 80.6], [8.2, 84.4], [0, 85.5]])
# The inner rims show when the jaw is open by `OPEN`, and are read off there.
OPEN = 0.35
_INNER_UPPER_LIP = np.array([[22.6, 76.4], [15, 73.4], [7, 71.9], [0, 71.8]])
_INNER_LOWER_LIP = np.array([[22.6, 77.0], [15, 80.7], [7, 84.2], [0, 85.4]])
_NOSE_BRIDGE_Y = (-3, 10.5, 24, 37.5)
_NOSE_BASE = np.array([[13.5, 47.2], [7, 49.2], [0, 50.4]])
_NOSE_WING = (18.3, 42.0)
# The outline from the ear to the chin: first (y, z) as seen from the side, then (x, y).
_OUTLINE_SIDE = ((1, -60), (25, -54), (48, -56), (66, -55), (80, -50), (91, -39), (99, -27))
_OUTLINE_FRONT = ((35, 105.8), (24, 110.8), (12, 113.2), (0, 113.8))
_AXIS_Z = -61.0  # mm from the eyeballs' middles: the upright axis that the chart is wound round
_MM_PER_RADIAN = 70.0
# Far from the points: degrees from the front (from, to), y of this head, v of the chart.
_CHART_ANCHORS = (
    (0, 180, -112, -140), (0, 180, -75, -80), (0, 60, -45, -46), (90, 180, -30, -30),
    (90, 180, 20, 30), (120, 180, 70, 96), (0, 60, 124, 158), (61, 180, 106, 158),
    (0, 180, 150, 185), (0, 180, 185, 222),
)  # fmt: skip


@dataclass(frozen=True)
class SkinPoint:
    """A point of the skin as a mean of a triangle's corners.

    Attributes:
        corners: [3] vertices.
        shares: [3], their sum is 1.
    """

    corners: np.ndarray
    shares: np.ndarray

    def on(self, vertices: np.ndarray) -> np.ndarray:
        """Where it is [3] on a head with these vertices."""
        return self.shares @ vertices[self.corners]


class Caster:
    """Finds the first triangle [F, 3] of `vertices` [V, 3] that a ray meets."""

    def __init__(self, vertices: np.ndarray, triangles: np.ndarray) -> None:
        self.triangles = triangles
        self.first = vertices[triangles[:, 0]]
        self.edges = vertices[triangles[:, 1]] - self.first, vertices[triangles[:, 2]] - self.first

    def __call__(self, origin: np.ndarray, way: np.ndarray) -> SkinPoint:
        """Möller and Trumbore's intersection.

        Raises:
            ValueError: the ray meets nothing.
        """
        one, two = self.edges
        across = np.cross(way, two)
        area = (one * across).sum(axis=1)
        inverse = np.where(np.abs(area) > 1e-9, 1 / np.where(area == 0, 1, area), np.nan)
        offset = origin - self.first
        u = (offset * across).sum(axis=1) * inverse
        turned = np.cross(offset, one)
        v = (turned @ way) * inverse
        distance = (two * turned).sum(axis=1) * inverse
        met = (u > -1e-4) & (v > -1e-4) & (u + v < 1 + 1e-4) & (distance > 0)
        if not met.any():
            raise ValueError(f'no skin on the way from {origin} to {way}')
        index = np.flatnonzero(met)[np.argmin(distance[met])]
        return SkinPoint(
            self.triangles[index], np.array([1 - u[index] - v[index], u[index], v[index]])
        )

    def front(self, x: float, y: float) -> SkinPoint:
        """Seen from the front."""
        return self(np.array([x, y, 300.0]), np.array([0, 0, -1.0]))

    def side(self, y: float, z: float) -> SkinPoint:
        """Seen from the right of the image."""
        return self(np.array([300.0, y, z]), np.array([-1.0, 0, 0]))

    def round(self, angle: float, y: float) -> SkinPoint:
        """Seen from an angle round the upright axis, radians from the front."""
        outward = np.array([np.sin(angle), 0, np.cos(angle)])
        return self(np.array([0, y, _AXIS_Z]) + 300 * outward, -outward)


def _angle(point: np.ndarray) -> np.ndarray:
    return np.arctan2(point[..., 0], point[..., 2] - _AXIS_Z)


def _wound(points: np.ndarray) -> np.ndarray:
    """(arc, y) [N, 2] of points [N, 3]."""
    return np.stack([_angle(points) * _MM_PER_RADIAN, points[:, 1]], axis=1)


def _inner_half(closed: Caster, opened: Caster) -> dict[int, SkinPoint]:
    thirds, quarters = np.array([0, 0.3, 0.5, 0.7, 1.0]), np.linspace(0, 1, 5)
    curves = (
        ((46, 45, 44, 43, 42), resample(_UPPER_BROW, quarters), closed),
        ((47, 48, 49, 50), resample(_LOWER_BROW, quarters)[1:], closed),
        ((72, 71, 70, 69, 68), resample(_UPPER_LID, thirds), closed),
        ((73, 74, 75), resample(_LOWER_LID, thirds)[1:4], closed),
        ((51, 52, 53, 54), [(0, y) for y in _NOSE_BRIDGE_Y], closed),
        ((59, 58, 57), _NOSE_BASE, closed),
        ((82, 81, 80, 79), _OUTER_UPPER_LIP, closed),
        ((83, 84, 85), _OUTER_LOWER_LIP[1:], closed),
        ((92, 91, 90), _INNER_UPPER_LIP[[0, 2, 3]], opened),
        ((93, 94), _INNER_LOWER_LIP[[2, 3]], opened),
    )
    return {
        index: cast.front(*point)
        for indices, points, cast in curves
        for index, point in zip(indices, points, strict=True)
    }


def _outline_half(vertices: np.ndarray, cast: Caster) -> dict[int, SkinPoint]:
    """Points 32 (ear) to 16 (chin), evenly spaced as seen from the front."""
    marks = [cast.side(*at) for at in _OUTLINE_SIDE] + [cast.front(*at) for at in _OUTLINE_FRONT]
    knots = np.array([mark.on(vertices) for mark in marks])
    steps = np.linspace(0, 1, len(knots))
    fine = PchipInterpolator(steps, knots)(np.linspace(0, 1, 400))
    lengths = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(fine[:, :2], axis=0), axis=1))])
    even = np.linspace(0, lengths[-1], 17)
    points = np.stack([np.interp(even, lengths, axis) for axis in fine.T], axis=1)
    return {
        32 - place: cast.round(float(_angle(point)), point[1]) for place, point in enumerate(points)
    }


def _path(start: SkinPoint, vertices: np.ndarray, cast: Caster) -> list[SkinPoint]:
    """From an outline point towards the middle of the face at the same height."""
    point = start.on(vertices)
    angle = float(_angle(point))
    # Near the chin there is nothing to march to: the paths shrink to a point.
    reach = float(np.clip((abs(angle) * _MM_PER_RADIAN - 18) / 30, 0, 1))
    shares = np.linspace(0, 0.72, OUTLINE_STEPS)[1:]
    return [start, *(cast.round(angle * (1 - share * reach), point[1]) for share in shares)]


def place_points(
    vertices: np.ndarray, opened: np.ndarray, skin: np.ndarray, mirror: np.ndarray
) -> list[SkinPoint]:
    """The 96 points on the skin, the nose's two wings, then 33 outline paths.

    Args:
        vertices: [V, 3] mm, the mean head, y down, the middle of the eyeballs at zero.
        opened: the same with the jaw open by `OPEN`.
        skin: [F, 3] triangles without ears.
        mirror: [V] the vertex on the other side.
    """
    closed = Caster(vertices, skin)
    half = {**_inner_half(closed, Caster(opened, skin)), **_outline_half(vertices, closed)}
    flip = get_schema('wflw98').flip_indices

    def mirrored(point: SkinPoint) -> SkinPoint:
        return SkinPoint(mirror[point.corners], point.shares)

    paths = {index: _path(half[index], vertices, closed) for index in range(16, 33)}
    paths |= {flip[index]: [mirrored(point) for point in path] for index, path in paths.items()
              if index > 16}  # fmt: skip
    both = {**{flip[index]: mirrored(point) for index, point in half.items()}, **half}
    wing = closed.front(*_NOSE_WING)
    return [
        *(both[index] for index in range(96)), mirrored(wing), wing,
        *(point for index in range(33) for point in paths[index]),
    ]  # fmt: skip


def fit_chart(vertices: np.ndarray, points: list[SkinPoint]) -> np.ndarray:
    """The drawn head's chart (u, v) under each vertex [V, 2]: a thin plate through the points."""
    drawn = landmark_curves()
    # The inner lips lie on each other when the mouth is closed.
    used = [*range(88), 96, 97]
    goals = np.concatenate([drawn.points[:96], drawn.wings])[used]
    starts = _wound(np.array([points[index].on(vertices) for index in used]))
    far = np.array([
        (arc := np.deg2rad(side * degrees) * _MM_PER_RADIAN, y, arc, v)
        for low, high, y, v in _CHART_ANCHORS
        for degrees in range(0, 181, 30) if low <= degrees <= high
        for side in ((1, -1) if degrees else (1,))
    ])  # fmt: skip
    starts, goals = np.concatenate([starts, far[:, :2]]), np.concatenate([goals, far[:, 2:]])
    fit = RBFInterpolator(starts, goals, kernel='thin_plate_spline', smoothing=3.0)
    return fit(_wound(vertices))
