"""Triangles to pixels in plain numpy: fast because the triangles are small and drawn at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


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
    corners = points[triangles].astype(np.float32)  # [F, 3, 2]
    edge1, edge2 = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    area = edge1[:, 0] * edge2[:, 1] - edge1[:, 1] * edge2[:, 0]
    low = np.maximum(np.ceil(corners.min(axis=1)), 0).astype(np.int32)
    high = np.minimum(np.floor(corners.max(axis=1)), np.array(size) - 1).astype(np.int32)
    extent = high - low + 1
    drawn = np.flatnonzero((area > 1e-6) & (extent > 0).all(axis=1))
    drawn = drawn[np.argsort(depth[triangles[drawn]].sum(axis=1), kind='stable')]
    counts = extent[drawn].prod(axis=1)
    owner = np.repeat(np.arange(len(drawn)), counts)
    step = np.arange(len(owner)) - np.repeat(np.cumsum(counts) - counts, counts)
    row, column = np.divmod(step, extent[drawn, 0][owner])
    origin = low[drawn][owner]
    x, y = origin[:, 0] + column, origin[:, 1] + row
    # Barycentric weights are affine in x and y: two multiply-adds per fragment and weight.
    scale = 1 / area[drawn]
    first, e1, e2 = corners[drawn, 0], edge1[drawn], edge2[drawn]
    slope1 = np.stack([e2[:, 1], -e2[:, 0]], axis=1) * scale[:, None]
    slope2 = np.stack([-e1[:, 1], e1[:, 0]], axis=1) * scale[:, None]
    planes = np.stack([
        slope1[:, 0], slope1[:, 1], -(slope1 * first).sum(axis=1),
        slope2[:, 0], slope2[:, 1], -(slope2 * first).sum(axis=1),
    ], axis=1)[owner]  # fmt: skip
    second = planes[:, 0] * x + planes[:, 1] * y + planes[:, 2]
    third = planes[:, 3] * x + planes[:, 4] * y + planes[:, 5]
    inside = np.flatnonzero((second >= -1e-4) & (third >= -1e-4) & (second + third <= 1.0001))
    buffer = np.full(size[0] * size[1], -1, dtype=np.int64)
    # Of equal indices the last write stays, and the nearest triangles come last.
    buffer[(y * size[0] + x)[inside]] = inside
    pixels = np.flatnonzero(buffer >= 0)
    chosen = buffer[pixels]
    weights = np.stack([1 - second[chosen] - third[chosen], second[chosen], third[chosen]], axis=1)
    return Fragments(pixels, drawn[owner[chosen]], weights.astype(np.float32))
