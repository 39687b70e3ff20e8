"""Triangles to pixels in plain numpy: fast because all rows of all triangles are cut at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

_EPSILON = 1e-4


@dataclass(frozen=True)
class Fragments:
    """The foremost surface at each covered pixel; P pixels.

    Attributes:
        pixels: [P] flat indices into the image (row * width + column).
        triangles: [P] index of the triangle seen.
        weights: [P, 3] barycentric weights of its corners, float32.
    """

    pixels: np.ndarray
    triangles: np.ndarray
    weights: np.ndarray

    def interpolate(self, corners: np.ndarray, values: np.ndarray) -> np.ndarray:
        """Vertex values [V, C] at the covered pixels [P, C]; `corners` is the [F, 3] mesh."""
        seen = corners[self.triangles]
        result = values[seen[:, 0]] * self.weights[:, :1]
        for corner in (1, 2):
            result += values[seen[:, corner]] * self.weights[:, corner : corner + 1]
        return result


def _spread(counts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For items with so many parts each: the item of each part, and its number in the item."""
    owner = np.repeat(np.arange(len(counts), dtype=np.int32), counts)
    starts = (np.cumsum(counts) - counts).astype(np.int32)
    return owner, np.arange(len(owner), dtype=np.int32) - starts[owner]


def _weight_planes(x: np.ndarray, y: np.ndarray, area: np.ndarray) -> np.ndarray:
    """Barycentric weights as w = planes . (x, y, 1): [3 factors, 3 corners, F]."""
    planes = np.empty((3, 3, x.shape[1]), dtype=np.float32)
    for corner in range(3):
        after, last = (corner + 1) % 3, (corner + 2) % 3
        planes[0, corner] = (y[after] - y[last]) / area
        planes[1, corner] = (x[last] - x[after]) / area
        planes[2, corner] = (x[after] * y[last] - x[last] * y[after]) / area
    return planes


def _row_spans(slopes: np.ndarray, bases: np.ndarray, width: int) -> tuple[np.ndarray, np.ndarray]:
    """First column and number of columns of each row [R] where all three weights are positive."""
    left = np.zeros(slopes.shape[1], dtype=np.float32)
    right = np.full(slopes.shape[1], width - 1, dtype=np.float32)
    for slope, base in zip(slopes, bases, strict=True):
        # An upright edge never limits a row inside the triangle's own rows: push it far away.
        safe = np.where(np.abs(slope) < 1e-9, np.float32(1e-9), slope)
        crossing = -(base + _EPSILON) / safe
        rising = safe > 0
        np.maximum(left, crossing, out=left, where=rising)
        np.minimum(right, crossing, out=right, where=~rising)
    start = np.ceil(left)
    counts = np.clip(np.floor(right) - start + 1, 0, width).astype(np.int32)
    return np.minimum(start, width).astype(np.int32), counts


def rasterize(
    points: np.ndarray, depth: np.ndarray, triangles: np.ndarray, size: tuple[int, int]
) -> Fragments:
    """Draw triangles, the far ones first.

    Triangles are ordered by the depth of their middle (painter's algorithm), which is exact enough
    for a mesh whose triangles are a few pixels wide. Those that turn away are skipped.

    Args:
        points: [V, 2] pixels, pixel centres at integers.
        depth: [V], larger is nearer.
        triangles: [F, 3], clockwise on the screen (y down) when seen from the front.
        size: width, height of the image.
    """
    width, height = size
    corners = triangles.T
    x, y = points.T.astype(np.float32)[:, corners]  # [3, F] each
    area = (x[1] - x[0]) * (y[2] - y[0]) - (y[1] - y[0]) * (x[2] - x[0])
    top, bottom = np.minimum(np.minimum(*y[:2]), y[2]), np.maximum(np.maximum(*y[:2]), y[2])
    first = np.maximum(np.ceil(top), 0).astype(np.int32)
    rows = np.minimum(np.floor(bottom), height - 1).astype(np.int32) - first + 1
    drawn = np.flatnonzero((area > 1e-6) & (rows > 0))
    nearness = depth[corners[:, drawn]].sum(axis=0)
    drawn = drawn[np.argsort(nearness, kind='stable')]
    owner, row = _spread(rows[drawn])
    line = first[drawn][owner] + row
    planes = _weight_planes(x[:, drawn], y[:, drawn], area[drawn])[..., owner]
    slopes, bases = planes[0], planes[1] * line.astype(np.float32) + planes[2]
    start, counts = _row_spans(slopes, bases, width)
    span, step = _spread(counts)
    buffer = np.full(width * height, -1, dtype=np.int32)
    # Of equal indices the last write stays, and the nearest triangles come last.
    buffer[(line * width + start)[span] + step] = span
    pixels = np.flatnonzero(buffer >= 0)
    chosen = buffer[pixels]
    column = (pixels % width).astype(np.float32)
    weights = bases[:, chosen] + column * slopes[:, chosen]
    return Fragments(pixels, drawn[owner[chosen]], np.ascontiguousarray(weights.T))
