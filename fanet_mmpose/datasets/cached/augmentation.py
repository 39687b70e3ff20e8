"""The loader's random transforms, by their names, as steps on a whole batch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from torch import Tensor

from fanet_mmpose.datasets.cached.cached_faces import NUM_DRAWS
from fanet_mmpose.datasets.cached.color import BatchHSV
from fanet_mmpose.datasets.cached.degradation import BatchDegradation
from fanet_mmpose.datasets.cached.occlusion import BatchOcclusion
from fanet_mmpose.datasets.cached.placement import BatchBoxTransform, BatchFlip, Placement
from fanet_mmpose.errors import UserError

MOVES = dict(RandomFlip=BatchFlip, RandomBBoxTransform=BatchBoxTransform)
PAINTS = dict(
    YOLOXHSVRandomAug=BatchHSV, RandomDegradation=BatchDegradation, RandomOcclusion=BatchOcclusion
)


class Augmentation:
    """Steps that move faces, then steps that change pictures.

    Args:
        transforms: configs of the loader's transforms, in its order.

    Raises:
        UserError: one of them has no counterpart, moves faces after one that changes pictures, or
            together they need more random numbers than `CachedFaces` draws.
    """

    def __init__(self, transforms: Sequence[Mapping[str, Any]]) -> None:
        self.moves: list[tuple[Any, slice]] = []
        self.paints: list[tuple[Any, slice]] = []
        start = 0
        for config in transforms:
            arguments = dict(config)
            name = str(arguments.pop('type')).removeprefix('mmpose.')
            if name not in (PAINTS if self.paints else {**MOVES, **PAINTS}):
                raise UserError(
                    f'CachedFacesPreprocessor.augment: {name} is none of {", ".join(MOVES)}, '
                    f'followed by {", ".join(PAINTS)}: leave it out, or train without CachedFaces'
                )
            step = {**MOVES, **PAINTS}[name](**arguments)
            place = slice(start, start + step.num_draws)
            (self.moves if name in MOVES else self.paints).append((step, place))
            start = place.stop
        if start > NUM_DRAWS:
            raise UserError(
                f'CachedFacesPreprocessor.augment: its transforms draw {start} numbers for a face, '
                f'and there are {NUM_DRAWS}: leave one out'
            )

    def move(self, faces: Placement, draws: np.ndarray) -> Placement:
        """Faces where the transforms put them; `draws` [B, D]."""
        for step, place in self.moves:
            faces = step(faces, draws[:, place])
        return faces

    def paint(self, images: Tensor, draws: np.ndarray) -> Tensor:
        """Crops [B, 3, h, w] as the transforms leave them."""
        for step, place in self.paints:
            images = step(images, draws[:, place])
        return images

    def hidden(self, draws: np.ndarray, points: np.ndarray, size: tuple[int, int]) -> np.ndarray:
        """Which points [B, K, 2] of crops of `size` are covered now, [B, K] bool."""
        covered = np.zeros(points.shape[:2], bool)
        for step, place in self.paints:
            if isinstance(step, BatchOcclusion):
                covered |= step.hidden(draws[:, place], points, size)
        return covered
