"""From a detector's idea of a face box to the one that the models are trained on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class BoxMapping:
    """Move and scale a box, all in units of its longer side.

    Attributes:
        dx, dy: from the middle of the detector's box to the middle of the tight box.
        scale: longer side of the tight box over the longer side of the detector's.
    """

    dx: float = 0.0
    dy: float = 0.0
    scale: float = 1.0

    def __call__(self, boxes: np.ndarray) -> np.ndarray:
        """Boxes [N, 4] x1, y1, x2, y2 -> square boxes [N, 4]."""
        boxes = np.asarray(boxes, float).reshape(-1, 4)
        centers, sides = centers_and_sides(boxes)
        centers = centers + np.array([self.dx, self.dy]) * sides
        half = sides * self.scale / 2
        return np.concatenate([centers - half, centers + half], 1)


def centers_and_sides(boxes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Middles [N, 2] and longer sides [N, 1] of boxes [N, 4]."""
    sides = (boxes[:, 2:] - boxes[:, :2]).max(1, keepdims=True)
    return (boxes[:, :2] + boxes[:, 2:]) / 2, sides


def fit_mapping(found: np.ndarray, truth: np.ndarray) -> BoxMapping:
    """The mapping that takes boxes `found` [N, 4] to `truth` [N, 4]: medians over the pairs."""
    (found_centers, found_sides), (centers, sides) = map(centers_and_sides, (found, truth))
    dx, dy = np.median((centers - found_centers) / found_sides, axis=0)
    return BoxMapping(float(dx), float(dy), float(np.median(sides / found_sides)))
