"""What a detector looks at: the picture turned, shrunk and padded, or a part of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from fanet_mmpose.geometry.crop import invert, matrix_scale, transform_points

Box = tuple[float, float, float, float]
STEP = 2  # between two sizes of a picture; bilinear sampling of up to twice that has no gaps
STRIDE = 32  # sides of a look are multiples of it, px


@dataclass(frozen=True, eq=False)
class View:
    """A look.

    Attributes:
        matrix: [2, 3] from pixels of the picture to pixels of the look: turn, size and shift.
        size: width and height of the look, px.
        angle: by which the look turns the picture clockwise, degrees.
    """

    matrix: np.ndarray
    size: tuple[int, int]
    angle: float = 0.0

    @property
    def scale(self) -> float:
        """Pixels of the look a pixel of the picture."""
        return matrix_scale(self.matrix)

    def to_picture(self, points: np.ndarray) -> np.ndarray:
        """Points [..., 2] of the look in pixels of the picture."""
        return transform_points(points, invert(self.matrix))


def square_view(box: Box, side: int, angle: float = 0.0, share: float = 1.0) -> View:
    """A square look with a box in its middle.

    Args:
        box: x1, y1, x2, y2, px: the middles of its first and last pixels.
        side: of the look, px.
        angle: by which the picture is turned clockwise, degrees.
        share: of the look's side that the turned box takes; below 1 there is room round it.
    """
    x1, y1, x2, y2 = box
    cosine, sine = np.cos(np.deg2rad(angle)), np.sin(np.deg2rad(angle))
    width, height = x2 - x1 + 1, y2 - y1 + 1
    longer = max(abs(cosine) * width + abs(sine) * height, abs(sine) * width + abs(cosine) * height)
    turn = side * share / longer * np.array([[cosine, -sine], [sine, cosine]])
    shift = (side - 1) / 2 - turn @ [(x1 + x2) / 2, (y1 + y2) / 2]
    return View(np.column_stack([turn, shift]), (side, side), angle)


def whole(image: np.ndarray) -> Box:
    """The box of a picture [H, W, 3]."""
    return 0.0, 0.0, image.shape[1] - 1.0, image.shape[0] - 1.0


def upright_view(box: Box, longer: int) -> View:
    """A look at a box as it is: its longer side becomes `longer` px, no square is filled up."""
    x1, y1, x2, y2 = box
    scale = longer / (max(x2 - x1, y2 - y1) + 1)
    # The middle of the first pixel stays half a pixel from the corner.
    shift = 0.5 * scale - 0.5
    matrix = np.array([[scale, 0, shift - scale * x1], [0, scale, shift - scale * y1]])
    sides = ((x2 - x1 + 1) * scale, (y2 - y1 + 1) * scale)
    width, height = (max(STRIDE, STRIDE * int(np.ceil(side / STRIDE - 1e-6))) for side in sides)
    return View(matrix, (width, height))


class Pyramid:
    """A picture at halved sizes, each made when it is first looked at.

    Args:
        image: uint8 [H, W, 3].
    """

    def __init__(self, image: np.ndarray) -> None:
        self.image = image
        self._sizes = {1: image}

    def look(self, view: View) -> np.ndarray:
        """What a view shows: uint8 [height, width, 3], black outside the picture."""
        factor = 1
        while 1 / view.scale >= STEP * STEP * factor:
            factor *= STEP
        small, matrix = self._shrunk(factor), view.matrix
        if factor > 1:  # pixel p is the mean of those round p·f + (f - 1)/2
            shift = matrix[:, 2] + matrix[:, :2] @ np.full(2, (factor - 1) / 2)
            matrix = np.column_stack([matrix[:, :2] * factor, shift])
        return cv2.warpAffine(small, matrix, view.size, flags=cv2.INTER_LINEAR)

    def _shrunk(self, factor: int) -> np.ndarray:
        """Means of whole squares of pixels, much quicker than of parts of pixels.

        What is left over at the right and lower border is less than one of them.
        """
        if factor not in self._sizes:
            larger = self._shrunk(factor // STEP)
            height, width = (max(1, side // STEP) for side in larger.shape[:2])
            squares = larger[: height * STEP, : width * STEP]
            self._sizes[factor] = cv2.resize(squares, (width, height), interpolation=cv2.INTER_AREA)
        return self._sizes[factor]


def part_boxes(windows: Sequence[tuple[int, int, int, int]]) -> list[Box]:
    """Windows [left, top, right, bottom) as boxes of pixel middles."""
    return [(left, top, right - 1.0, bottom - 1.0) for left, top, right, bottom in windows]
