"""Where each part of the head has its place in the texture image."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fanet_mmpose.synthetic.head_surface import BACK_U

TEXELS_PER_MM = 1.1
HEAD_WIDTH, HEAD_HEIGHT = 256, 296
ATLAS_HEIGHT, ATLAS_WIDTH = HEAD_HEIGHT + 128, HEAD_WIDTH

# Chart mm -> texels, finest on the face: the back of the head and the neck are squeezed.
_U_KNOTS = np.array([-BACK_U, -105, 105, BACK_U])
_X_KNOTS = np.array([1, 128 - 105 * TEXELS_PER_MM, 128 + 105 * TEXELS_PER_MM, HEAD_WIDTH - 2])
_V_KNOTS = np.array([-150, -62, 130, 222])
_Y_KNOTS = np.array([1, 42, 42 + 192 * TEXELS_PER_MM, HEAD_HEIGHT - 3])


@dataclass(frozen=True)
class Tile:
    """A rectangle of the atlas, in texels."""

    left: int
    top: int
    width: int
    height: int

    @property
    def centre(self) -> np.ndarray:
        """Its middle (x, y) [2]."""
        return np.array([self.left + (self.width - 1) / 2, self.top + (self.height - 1) / 2])

    @property
    def window(self) -> tuple[slice, slice]:
        """Rows and columns, to index an atlas with."""
        return (
            slice(self.top, self.top + self.height),
            slice(self.left, self.left + self.width),
        )


EYE_TILES = (Tile(0, HEAD_HEIGHT, 64, 64), Tile(64, HEAD_HEIGHT, 64, 64))
MOUTH_TILE = Tile(128, HEAD_HEIGHT, 96, 64)
EAR_TILE = Tile(224, HEAD_HEIGHT, 32, 64)
HAIR_TILE = Tile(0, HEAD_HEIGHT + 64, 256, 64)


def head_to_atlas(chart: np.ndarray) -> np.ndarray:
    """Chart points (u, v) [..., 2] in mm -> atlas (x, y) [..., 2]."""
    return np.stack([
        np.interp(chart[..., 0], _U_KNOTS, _X_KNOTS), np.interp(chart[..., 1], _V_KNOTS, _Y_KNOTS)
    ], axis=-1)  # fmt: skip


def atlas_charts() -> np.ndarray:
    """The chart point under each texel of the head's part [HEAD_HEIGHT, HEAD_WIDTH, 2]."""
    u = np.interp(np.arange(HEAD_WIDTH), _X_KNOTS, _U_KNOTS)
    v = np.interp(np.arange(HEAD_HEIGHT), _Y_KNOTS, _V_KNOTS)
    return np.stack(np.meshgrid(u, v), axis=-1)
