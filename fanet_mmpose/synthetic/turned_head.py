"""What a `PhotoHead` looks like from another side, and where its points are then."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from fanet_mmpose.geometry.boxes import tight_box
from fanet_mmpose.synthetic.photo_head import SIDES, PhotoHead, Topology, axes_of
from fanet_mmpose.synthetic.rasterize import rasterize

SIDE, FACE = 384, 192  # px of a picture, and of the longer side of its face's box
MARGIN = 256  # px of picture made up on each side of a photograph
_AXIS = 0.1  # face widths from the ears back to the upright axis that the head turns about
_HIDDEN_BY = 0.04  # face widths that the surface lies before a point which it hides


@dataclass(frozen=True)
class TurnedHead:
    """A face after its turn.

    Attributes:
        image: uint8 [SIDE, SIDE, 3].
        points: [68, 2] px of it.
        hidden: [68], whether the head itself covers a point.
        angles: yaw, pitch, roll [3] in degrees, as of `HeadState`.
    """

    image: np.ndarray
    points: np.ndarray
    hidden: np.ndarray
    angles: np.ndarray


@dataclass(frozen=True)
class _Placement:
    """From the photograph's pixels to the new picture's: times `scale`, plus `shift`."""

    scale: float
    shift: np.ndarray

    def __call__(self, points: np.ndarray) -> np.ndarray:
        return points[..., :2] * self.scale + self.shift


def turn(
    head: PhotoHead, surrounded: np.ndarray, topology: Topology, angles: np.ndarray
) -> TurnedHead:
    """Turn a head; the box round its points becomes `FACE` px large in the picture's middle.

    Args:
        head: of `make_head`.
        surrounded: its photograph, through `surround`.
        topology: of `make_topology`.
        angles: yaw, pitch, roll [3] in degrees that the head has afterwards.
    """
    step = axes_of(angles) @ head.axes.T
    pivot = head.vertices[list(SIDES)].mean(axis=0) - _AXIS * head.width * head.axes[:, 2]
    vertices, points = ((part - pivot) @ step.T + pivot for part in (head.vertices, head.points))
    before, (low, high) = _middle(head.points), tight_box(points[:, :2]).reshape(2, 2)
    scale, middle = FACE / (high - low).max(), (low + high) / 2
    # The rim goes along with the face, so that the picture's own surroundings stay round it.
    vertices[head.rim] = head.vertices[head.rim]
    vertices[head.rim, :2] += middle - before
    place = _Placement(scale, SIDE / 2 - scale * middle)
    vertices[:, :2] = place(vertices)
    still = _Placement(scale, SIDE / 2 - scale * before)
    source, depth = _look(head, topology, vertices, still)
    image = cv2.remap(
        surrounded, source + MARGIN, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101
    )
    seen = place(points)
    hidden = _surface(depth, seen) - points[:, 2] > _HIDDEN_BY * head.width
    return TurnedHead(image, seen, hidden, angles)


def surround(image: np.ndarray) -> np.ndarray:
    """The picture with `MARGIN` px round it: itself mirrored, too blurred for a second face."""
    wide = cv2.copyMakeBorder(image, *[MARGIN] * 4, cv2.BORDER_REFLECT_101)
    # A blur of 40 px, computed at a sixteenth of the size.
    small = cv2.resize(wide, None, fx=1 / 16, fy=1 / 16, interpolation=cv2.INTER_AREA)
    small = cv2.GaussianBlur(small, (0, 0), 2.5)
    blurred = cv2.resize(small, wide.shape[1::-1], interpolation=cv2.INTER_CUBIC)
    outside = np.full(wide.shape[:2], 255, np.uint8)
    outside[MARGIN:-MARGIN, MARGIN:-MARGIN] = 0
    share = cv2.GaussianBlur(outside, (0, 0), 6)[..., None] / np.float32(255)
    share = np.clip(2 * share - 0.4, 0, 1)  # from 5 px inside the border to 3 px outside
    return (wide + share * (blurred.astype(np.float32) - wide)).astype(np.uint8)


def _middle(points: np.ndarray) -> np.ndarray:
    return tight_box(points[:, :2]).reshape(2, 2).mean(axis=0)


def _look(
    head: PhotoHead, topology: Topology, vertices: np.ndarray, still: _Placement
) -> tuple[np.ndarray, np.ndarray]:
    """Where each pixel comes from, [SIDE, SIDE, 2] px of the photograph, and the head's depth.

    The depth [SIDE, SIDE] is -inf beside the head. The surroundings are drawn first, so that they
    never cover the head; what neither covers is the photograph as it was.
    """
    grid = np.stack(np.meshgrid(np.arange(SIDE), np.arange(SIDE)), axis=-1).reshape(-1, 2)
    source = ((grid - still.shift) / still.scale).astype(np.float32)
    depth = np.full(SIDE * SIDE, -np.inf, np.float32)
    own, near = head.vertices[:, :2].astype(np.float32), vertices[:, 2:].astype(np.float32)
    for triangles in (topology.surroundings, topology.head):
        drawn = rasterize(vertices[:, :2], vertices[:, 2], triangles, (SIDE, SIDE))
        source[drawn.pixels] = drawn.interpolate(triangles, own)
    depth[drawn.pixels] = drawn.interpolate(topology.head, near)[:, 0]
    return source.reshape(SIDE, SIDE, 2), depth.reshape(SIDE, SIDE)


def _surface(depth: np.ndarray, points: np.ndarray) -> np.ndarray:
    """The surface's depth [N] at points [N, 2], of 3x3 pixels the farthest.

    So a point at the edge of what covers it counts as seen.
    """
    column, row = np.clip(points.round().astype(int), 1, SIDE - 2).T
    around = [depth[row + i, column + j] for i in (-1, 0, 1) for j in (-1, 0, 1)]
    return np.min(around, axis=0)
