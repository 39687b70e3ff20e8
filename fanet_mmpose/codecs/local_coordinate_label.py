"""LocalCoordinateLabel: pixels of the input crop <-> a cell and an offset within it."""

from __future__ import annotations

import numpy as np
from mmpose.codecs.base import BaseKeypointCodec
from mmpose.registry import KEYPOINT_CODECS

from fanet_mmpose.errors import UserError


def pixels_to_cells(pixels: np.ndarray, stride: int) -> np.ndarray:
    """Pixels of the crop [..., 2] -> cells [..., 2].

    Pixel and cell centres are integers; cell `i` covers the pixels `stride·i … stride·(i+1)-1`.
    """
    return (pixels - (stride - 1) / 2) / stride


def cells_to_pixels(cells: np.ndarray, stride: int) -> np.ndarray:
    """Cells [..., 2] -> pixels of the crop [..., 2]; the inverse of `pixels_to_cells`."""
    return cells * stride + (stride - 1) / 2


def scale_to_score(scale: np.ndarray, tolerance: float) -> np.ndarray:
    """Chance that an error of Laplace scale `scale` stays below `tolerance` (same unit)."""
    return -np.expm1(-tolerance / np.maximum(scale, 1e-6))


@KEYPOINT_CODECS.register_module()
class LocalCoordinateLabel(BaseKeypointCodec):
    """Targets for `LocalCoordinateHead`: a cell of the map, an offset from it, a visibility.

    A point outside the crop belongs to the nearest cell of the map and has an offset larger
    than half a cell, so it is neither lost nor moved.

    Args:
        input_size (tuple[int, int]): Width and height of the crop, pixels.
        stride (int): Pixels per cell: the stride of the landmark map. Defaults to 4.
        tolerance (float): Error that still counts as right for `keypoint_scores`, as a share of the
            crop's longer side. Defaults to 0.02.
        max_outside (float): A point farther outside the crop than this many cells has weight 0.
            Defaults to 4.0.
    """

    auxiliary_encode_keys = {'keypoints_visible_weights'}
    label_mapping_table = {
        name: name
        for name in (
            'keypoint_cells',
            'keypoint_offsets',
            'keypoint_weights',
            'keypoint_visibility',
        )
    }

    def __init__(
        self,
        input_size: tuple[int, int],
        stride: int = 4,
        tolerance: float = 0.02,
        max_outside: float = 4.0,
    ) -> None:
        self.input_size = tuple(input_size)
        self.stride = stride
        self.map_size = (input_size[0] // stride, input_size[1] // stride)
        self.tolerance = tolerance * max(input_size)
        self.max_outside = max_outside

    def check_map(self, width: int, height: int) -> None:
        """Raise `UserError` unless a map of so many cells covers the crop at `stride`.

        A side that the stride does not divide may be rounded up or down.
        """
        cells, side = (width, height), self.input_size
        if all(abs(c * self.stride - s) < self.stride for c, s in zip(cells, side, strict=True)):
            return
        raise UserError(
            f'the landmark map has {width}×{height} cells, and head.decoder (stride={self.stride}) '
            f'expects {self.map_size[0]}×{self.map_size[1]} of a crop of {side[0]}×{side[1]} px: '
            f'set the stride of the codec to {max(1, round(side[0] / width))}, or have the neck '
            f'give a map of stride {self.stride} (neck.out_stride)'
        )

    def encode(
        self,
        keypoints: np.ndarray,
        keypoints_visible: np.ndarray | None = None,
        keypoints_visible_weights: np.ndarray | None = None,
    ) -> dict[str, np.ndarray]:
        """Encode the points of N faces.

        Args:
            keypoints: Pixels of the crop [N, K, 2].
            keypoints_visible: [N, K]. Without `keypoints_visible_weights`: 1 where the point is
                annotated. With them: 1 where it can be seen, 0 where something hides it.
            keypoints_visible_weights: [N, K], 1 where the point is annotated.

        Returns:
            `keypoint_cells` [N, K, 2] within the map, `keypoint_offsets` [N, K, 2] in cells,
            `keypoint_weights` [N, K] and `keypoint_visibility` [N, K].
        """
        if keypoints_visible is None:
            keypoints_visible = np.ones(keypoints.shape[:2], dtype=np.float32)
        annotated = (
            keypoints_visible if keypoints_visible_weights is None else keypoints_visible_weights
        )
        coordinates = pixels_to_cells(keypoints.astype(np.float64), self.stride)
        cells = np.clip(np.rint(coordinates), 0, np.array(self.map_size) - 1)
        offsets = coordinates - cells
        near = (np.abs(offsets) <= self.max_outside).all(-1)
        return dict(
            keypoint_cells=cells.astype(np.int64),
            keypoint_offsets=offsets.astype(np.float32),
            keypoint_weights=(annotated * near).astype(np.float32),
            keypoint_visibility=keypoints_visible.astype(np.float32),
        )

    def decode(self, coordinates: np.ndarray, scales: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Decode one face.

        Args:
            coordinates: Cell plus offset, in cells [K, 2].
            scales: Laplace scale of the error, in cells [K].

        Returns:
            Pixels of the crop [1, K, 2] and scores [1, K] in (0, 1): the chance that a
            coordinate is within `tolerance`.
        """
        pixels = cells_to_pixels(coordinates, self.stride)
        return pixels[None], scale_to_score(scales * self.stride, self.tolerance)[None]
