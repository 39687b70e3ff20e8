"""The loader's random transforms, by their names, as steps on a whole batch: boxes, then pixels."""

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

GEOMETRIC = dict(RandomFlip=BatchFlip, RandomBBoxTransform=BatchBoxTransform)
PHOTOMETRIC = dict(
    YOLOXHSVRandomAug=BatchHSV, RandomDegradation=BatchDegradation, RandomOcclusion=BatchOcclusion
)


class Augmentation:
    """Geometric steps, on boxes and points, then photometric steps, on the pixels of crops.

    Args:
        transforms: configs of the loader's transforms, in its order.

    Raises:
        UserError: one of them has no counterpart, a geometric one follows a photometric one, or
            together they need more random numbers than `CachedFaces` draws.
    """

    def __init__(self, transforms: Sequence[Mapping[str, Any]]) -> None:
        self.geometric: list[tuple[Any, slice]] = []
        self.photometric: list[tuple[Any, slice]] = []
        start = 0
        for config in transforms:
            arguments = dict(config)
            name = str(arguments.pop('type')).removeprefix('mmpose.')
            if name not in (PHOTOMETRIC if self.photometric else {**GEOMETRIC, **PHOTOMETRIC}):
                raise UserError(
                    f'CachedFacesPreprocessor.augment: {name} is none of {", ".join(GEOMETRIC)}, '
                    f'followed by {", ".join(PHOTOMETRIC)}: leave it out, or train without '
                    'CachedFaces'
                )
            step = {**GEOMETRIC, **PHOTOMETRIC}[name](**arguments)
            columns = slice(start, start + step.num_draws)
            (self.geometric if name in GEOMETRIC else self.photometric).append((step, columns))
            start = columns.stop
        if start > NUM_DRAWS:
            raise UserError(
                f'CachedFacesPreprocessor.augment: its transforms draw {start} numbers for a face, '
                f'and there are {NUM_DRAWS}: leave one out'
            )

    def place(self, faces: Placement, draws: np.ndarray) -> Placement:
        """Faces as the geometric steps place them; `draws` [B, D]."""
        for step, columns in self.geometric:
            faces = step(faces, draws[:, columns])
        return faces

    def change_pixels(self, images: Tensor, draws: np.ndarray) -> Tensor:
        """Crops [B, 3, h, w] after the photometric steps, changed in place."""
        for step, columns in self.photometric:
            images = step(images, draws[:, columns])
        return images

    def occluded(self, draws: np.ndarray, points: np.ndarray, size: tuple[int, int]) -> np.ndarray:
        """Which points [B, K, 2] of crops of `size` are occluded, [B, K] bool."""
        covered = np.zeros(points.shape[:2], bool)
        for step, columns in self.photometric:
            if isinstance(step, BatchOcclusion):
                covered |= step.occluded(draws[:, columns], points, size)
        return covered
