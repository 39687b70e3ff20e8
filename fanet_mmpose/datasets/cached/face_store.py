"""FaceStore: all faces of a training, decoded, as a few tensors that processes share."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from fanet_mmpose.errors import UserError

MEGABYTE = 2**20
NEEDED = ('img', 'keypoints', 'keypoints_visible', 'bbox_center', 'bbox_scale')


@dataclass(frozen=True, eq=False)
class FaceStore:
    """N faces with K points each. Lengths in px of a face's own picture.

    Attributes:
        images: [N, S, S, 3] uint8 BGR; each picture in the upper left corner, black round it.
        sizes: [N, 2] width and height of the picture.
        centers: [N, 2] middle of the box.
        scales: [N, 2] width and height of the box, padded.
        keypoints: [N, K, 2].
        visible: [N, K].
        weights: [N, K]; None where the dataset has no weights beside visibilities.
        flip_indices: of each point, the one that it becomes in the mirror.
    """

    images: Tensor
    sizes: Tensor
    centers: Tensor
    scales: Tensor
    keypoints: Tensor
    visible: Tensor
    weights: Tensor | None
    flip_indices: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.images)


def read_faces(dataset: Sequence[Mapping[str, Any]], max_mb: int) -> FaceStore:
    """Decode all faces of a dataset, in threads.

    Args:
        dataset: its pipeline loads the picture and ends with `GetBBoxCenterScale`.
        max_mb: what the pictures may take in memory.

    Raises:
        UserError: the pipeline leaves something out, or the pictures need more room.
    """
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        faces = list(threads.map(dataset.__getitem__, range(len(dataset))))
    for name in NEEDED:
        if name not in faces[0]:
            raise UserError(
                f'CachedFaces: the samples have no {name}: let dataset.pipeline be '
                'LoadFaceCrop and GetBBoxCenterScale'
            )
    flags = torch.from_numpy(np.stack([face['keypoints_visible'][0] for face in faces])).float()
    has_weights = flags.dim() == 3
    return FaceStore(
        images=_stack_pictures(faces, max_mb),
        sizes=_stack([face['img_shape'][1::-1] for face in faces]),
        centers=_stack([face['bbox_center'][0] for face in faces]),
        scales=_stack([face['bbox_scale'][0] for face in faces]),
        keypoints=_stack([face['keypoints'][0] for face in faces]),
        visible=_shared(flags[..., 0] if has_weights else flags),
        weights=_shared(flags[..., 1]) if has_weights else None,
        flip_indices=tuple(faces[0]['flip_indices']),
    )


def _stack_pictures(faces: Sequence[dict[str, Any]], max_mb: int) -> Tensor:
    """[N, S, S, 3]; each face gives its own picture up on the way."""
    side = max(max(face['img'].shape[:2]) for face in faces)
    need = len(faces) * side * side * 3 / MEGABYTE
    if need > max_mb:
        raise UserError(
            f'CachedFaces: {len(faces)} pictures of {side} px need {need:.0f} MB: raise '
            f'max_mb={max_mb}, keep smaller ones (LoadFaceCrop.size), or train without it'
        )
    images = torch.zeros((len(faces), side, side, 3), dtype=torch.uint8)
    for place, face in zip(images.numpy(), faces, strict=True):
        picture = face.pop('img')
        place[: picture.shape[0], : picture.shape[1]] = picture
    return _shared(images)


def _stack(values: Sequence[Any]) -> Tensor:
    return _shared(torch.from_numpy(np.stack(values).astype(np.float32)))


def _shared(values: Tensor) -> Tensor:
    """In memory that loader workers see, too."""
    return values.contiguous().share_memory_()
