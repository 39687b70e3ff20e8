"""A face with MediaPipe's vertices without MediaPipe: half an egg with a nose."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np

from fanet_mmpose.geometry.face_mesh import NUM_VERTICES, VERTICES
from fanet_mmpose.synthetic.photo_head import OVAL

SIDE = 384  # px of the picture
MIDDLE, HALF = np.array([192.0, 192.0]), np.array([80.0, 100.0])  # px of the outline
# Vertices whose places the head's axes come from, in halves of the outline's width and height.
_PLACED = {
    33: (-0.6, -0.3), 263: (0.6, -0.3), 61: (-0.4, 0.5), 291: (0.4, 0.5), 168: (0, -0.5),
    17: (0, 0.5),
}  # fmt: skip


def egg_mesh() -> np.ndarray:
    """Vertices [468, 3] px of a frontal face in the middle of a picture of `SIDE` px."""
    number = np.arange(NUM_VERTICES)
    angle, radius = number * 2.39996, 0.93 * np.sqrt((number + 0.5) / NUM_VERTICES)
    flat = np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)
    around = 2 * np.pi * np.arange(len(OVAL)) / len(OVAL)
    flat[list(OVAL)] = np.stack([np.sin(around), -np.cos(around)], axis=1)
    for vertex, place in _PLACED.items():
        flat[vertex] = place
    height = 80 * np.sqrt(np.maximum(0, 1 - (flat**2).sum(axis=1)))
    nose = 40 * np.exp(-(flat**2).sum(axis=1) / 0.03)
    return np.column_stack([MIDDLE + flat * HALF, height + nose])


def egg_points(mesh: np.ndarray) -> np.ndarray:
    """The 68 points [68, 2] of a mesh, as people would have drawn them."""
    return mesh[list(VERTICES), :2].copy()


def spotted_picture() -> np.ndarray:
    """uint8 [SIDE, SIDE, 3]: noise without detail below a few pixels."""
    noise = np.random.default_rng(0).integers(0, 256, (24, 24, 3), dtype=np.uint8)
    return cv2.resize(noise, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC)


def write_set(root: Path, count: int) -> None:
    """A set of `count` such faces, in `root`/annotations/train.json and `root`/train."""
    points, picture = egg_points(egg_mesh()), spotted_picture()
    (root / 'train').mkdir(parents=True)
    (root / 'annotations').mkdir()
    images, faces = [], []
    for number in range(1, count + 1):
        cv2.imwrite(str(root / f'train/{number}.png'), picture)
        images.append(dict(id=number, file_name=f'train/{number}.png', width=SIDE, height=SIDE))
        keypoints = np.column_stack([points, np.ones(68)]).ravel().tolist()
        faces.append(dict(id=number, image_id=number, keypoints=keypoints))
    content = dict(images=images, annotations=faces)
    (root / 'annotations/train.json').write_text(json.dumps(content))
