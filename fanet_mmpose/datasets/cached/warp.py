"""Crops of a batch: by one grid on a GPU, by OpenCV's integer arithmetic on a CPU."""

from __future__ import annotations

import cv2
import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F


def warp(images: Tensor, index: Tensor, matrices: np.ndarray, size: tuple[int, int]) -> Tensor:
    """Sample crops, bilinearly, black outside the pictures.

    On a CPU each goes through `cv2.warpAffine`, an eighth of the grid's time and the very values
    of `TopdownAffine`.

    Args:
        images: [N, S, S, 3] uint8.
        index: [B] which of them, on any device.
        matrices: [B, 2, 3] from px of the picture to px of the crop.
        size: width and height of the crop.

    Returns:
        [B, 3, height, width] float32, 0 to 255.
    """
    if images.device.type != 'cpu':
        return warp_by_grid(images[index.to(images.device)], matrices, size)
    pictures, crops = images.numpy(), np.empty((len(index), size[1], size[0], 3), np.uint8)
    for number, matrix, crop in zip(index.tolist(), matrices, crops, strict=True):
        cv2.warpAffine(pictures[number], matrix, size, dst=crop, flags=cv2.INTER_LINEAR)
    return torch.from_numpy(crops).permute(0, 3, 1, 2).float()


def warp_by_grid(images: Tensor, matrices: np.ndarray, size: tuple[int, int]) -> Tensor:
    """`warp` of pictures [B, S, S, 3] by one affine grid, on any device."""
    (width, height), side = size, images.shape[1]
    whole = np.concatenate([matrices, np.tile([[[0.0, 0, 1]]], (len(matrices), 1, 1))], 1)
    # From -1 … 1 over the crop's pixels to px of it, back to px of the picture, to -1 … 1 of it.
    to_crop = np.array([[width / 2, 0, (width - 1) / 2], [0, height / 2, (height - 1) / 2],
                        [0, 0, 1]])  # fmt: skip
    from_picture = np.array([[2 / side, 0, 1 / side - 1], [0, 2 / side, 1 / side - 1], [0, 0, 1]])
    theta = (from_picture @ np.linalg.inv(whole) @ to_crop)[:, :2]
    grid = F.affine_grid(
        torch.from_numpy(theta).float().to(images.device),
        [len(images), 3, height, width],
        align_corners=False,
    )
    planes = images.permute(0, 3, 1, 2).float()
    return F.grid_sample(planes, grid, mode='bilinear', align_corners=False)
