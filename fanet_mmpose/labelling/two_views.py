"""Points of a face by an exported network: crop turned upright, and its mirror image."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import cv2
import numpy as np

from fanet_mmpose.deploy.runtime import CropLandmarks, OnnxModel
from fanet_mmpose.geometry.boxes import tight_box
from fanet_mmpose.geometry.crop import PADDING, invert, transform_points

BATCH = 32  # faces at once


class Seen(NamedTuple):
    """N faces of K points."""

    points: np.ndarray  # [N, K, 2] px of the picture
    scales: np.ndarray  # [N, K] px, Laplace scale of the expected error of a coordinate


def upright_matrix(points: np.ndarray, eyes: tuple[int, int], size: int) -> np.ndarray:
    """Map [2, 3] to a crop in which the line through `eyes` of points [K, 2] is level.

    The crop has 1.25 times the longer side of the tight box of the turned points.
    """
    x, y = points[eyes[1]] - points[eyes[0]]
    cos, sin = np.array([x, y]) / max(np.hypot(x, y), 1e-6)
    turn = np.array([[cos, sin], [-sin, cos]])
    turned = points @ turn.T
    low, high = tight_box(turned).reshape(2, 2)
    scale = size / (PADDING * max(*(high - low), 1e-6))
    return np.hstack([scale * turn, (size / 2 - scale * (low + high) / 2)[:, None]])


def _mirrored(found: CropLandmarks, width: int, order: list[int]) -> Seen:
    """What was found in mirror images, in pixels of the images themselves."""
    points = found.keypoints[:, order].copy()
    points[..., 0] = width - 1 - points[..., 0]
    return Seen(points, found.scales[:, order])


def look_twice(model: OnnxModel, crops: np.ndarray) -> Seen:
    """Mean of what is found in crops [B, H, W, 3] (red first) and in their mirror images."""
    order = model.info.schema.flip_indices
    found = model(crops)
    other = _mirrored(model(np.ascontiguousarray(crops[:, :, ::-1])), crops.shape[2], list(order))
    return Seen((found.keypoints + other.points) / 2, (found.scales + other.scales) / 2)


def look_at(
    model: OnnxModel, faces: Iterable[tuple[np.ndarray, np.ndarray]], eyes: tuple[int, int]
) -> Seen:
    """Points of faces whose rough points are known.

    Args:
        model: exported, with a square input.
        faces: picture [H, W, 3] uint8, blue first, and points [K, 2] px that say where to look.
        eyes: outer corners among these points, image-left first.
    """
    size = model.info.input_size[0]
    matrices, crops, found = [], [], []
    for image, points in faces:
        matrices.append(upright_matrix(points, eyes, size))
        crop = cv2.warpAffine(image, matrices[-1], (size, size))
        crops.append(cv2.cvtColor(crop, cv2.COLOR_BGR2RGB))
        if len(crops) == BATCH:
            found.append(look_twice(model, np.stack(crops)))
            crops = []
    if crops:
        found.append(look_twice(model, np.stack(crops)))
    points = np.concatenate([seen.points for seen in found])
    scales = np.concatenate([seen.scales for seen in found])
    back = [
        transform_points(one, invert(matrix)) for one, matrix in zip(points, matrices, strict=True)
    ]
    zoom = np.array([np.hypot(*matrix[0, :2]) for matrix in matrices])
    return Seen(np.stack(back), scales / zoom[:, None])
