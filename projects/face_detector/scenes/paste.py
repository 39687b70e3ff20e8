"""Put a picture, or the soft-edged face in it, at a place of a scene."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from fanet_mmpose.geometry.boxes import tight_box
from fanet_mmpose.geometry.crop import transform_points
from projects.face_detector.scenes.face_sources import FacePicture

LARGEST_GROWTH = 2.0  # of a picture; more would teach blur
LARGEST_TILT = 15.0  # standard deviation of the tilt in the image plane is a third of it, degrees


@dataclass(frozen=True)
class Place:
    """Where a face goes: middle (x, y) and longer side of the tight box of its points, px."""

    x: float
    y: float
    side: float


def place_matrix(rng: np.random.Generator, face: FacePicture, place: Place) -> np.ndarray:
    """Affine map [2, 3] from the picture to the scene: scale, small tilt, mirrored or not."""
    box = tight_box(face.points)
    factor = place.side / (box[2:] - box[:2]).max()
    angle = np.deg2rad(np.clip(rng.normal(0, LARGEST_TILT / 3), -LARGEST_TILT, LARGEST_TILT))
    cos, sin = factor * np.cos(angle), factor * np.sin(angle)
    linear = np.array([[cos, -sin], [sin, cos]])
    if rng.random() < 0.5:
        linear[:, 0] *= -1
    return np.column_stack([linear, [place.x, place.y] - linear @ (box[:2] + box[2:]) / 2])


def soft_mask(rng: np.random.Generator, face: FacePicture) -> np.ndarray:
    """Opacity [H, W] float32 of the face: an ellipse that takes more or less of hair and neck.

    Falls to 0 at the picture's edge, so that no straight edge betrays what was pasted.
    """
    height, width = face.image.shape[:2]
    box = tight_box(face.points)
    size = box[2:] - box[:2]
    # The points end at the brows: the forehead is a third of the box above it.
    middle = (box[:2] + box[2:]) / 2 - [0, size[1] * rng.uniform(0.08, 0.2)]
    radii = size / 2 * rng.uniform(1.1, 1.7, 2) + [0, size[1] * 0.12]
    feather = max(1.0, size.max() * rng.uniform(0.02, 0.1))
    mask = np.zeros((height, width), np.float32)
    sixteenths = [np.round(16 * pair).astype(int).tolist() for pair in (middle, radii)]
    cv2.ellipse(mask, *map(tuple, sixteenths), 0, 0, 360, 1.0, -1, cv2.LINE_AA, shift=4)
    edge = int(np.ceil(feather))
    mask[:edge], mask[-edge:], mask[:, :edge], mask[:, -edge:] = 0, 0, 0, 0
    return cv2.GaussianBlur(mask, (0, 0), feather / 2)


def paste(
    scene: np.ndarray, face: FacePicture, matrix: np.ndarray, mask: np.ndarray | None = None
) -> np.ndarray:
    """Blend a face into `scene` [H, W, 3] in place.

    Args:
        scene: uint8, blue first; a view of a larger one, if the face must not leave a window.
        face: what is pasted.
        matrix: from `place_matrix`, to pixels of `scene`.
        mask: opacity [H, W] of the picture; None is all of it.

    Returns:
        Tight box [4] x1, y1, x2, y2 of its points, px of the scene.
    """
    opacity = np.ones(face.image.shape[:2], np.float32) if mask is None else mask
    image, shrunk = face.image, matrix
    factor = float(np.hypot(*matrix[:, 0]))
    if factor < 0.7:  # average first: bilinear sampling would skip pixels
        small = np.maximum(np.round(np.array(image.shape[1::-1]) * factor), 1).astype(int)
        ratio = np.array(image.shape[1::-1]) / small
        image = cv2.resize(image, small.tolist(), interpolation=cv2.INTER_AREA)
        opacity = cv2.resize(opacity, small.tolist(), interpolation=cv2.INTER_AREA)
        # Pixel p of the small picture is the mean round ratio·p + (ratio - 1) / 2.
        shrunk = np.column_stack([matrix[:, :2] * ratio, matrix @ [*(ratio - 1) / 2, 1]])
    target = scene.shape[1::-1]
    over = cv2.warpAffine(image, shrunk, target, borderMode=cv2.BORDER_REPLICATE)
    alpha = cv2.warpAffine(opacity, shrunk, target)
    scene[:] = cv2.blendLinear(over, scene, alpha, 1 - alpha)
    return tight_box(transform_points(face.points, matrix))
