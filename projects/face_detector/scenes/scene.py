"""One scene: a background with faces of many sizes in it, from a seed."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from fanet_mmpose.geometry.boxes import tight_box
from fanet_mmpose.synthetic.camera_effects import degrade, to_grey
from projects.face_detector.scenes.backgrounds import background
from projects.face_detector.scenes.face_sources import FacePicture, MixedFaces
from projects.face_detector.scenes.paste import (
    LARGEST_GROWTH,
    Place,
    paste,
    place_matrix,
    soft_mask,
)

SMALLEST_FACE = 20.0  # longer side of the tight box, px
LARGEST_SHARE = 0.85  # of the scene, or of a tile
ROOM = 1.35  # of a face's box that no other face covers
TRIES = 20


@dataclass(frozen=True, eq=False)
class Scene:
    """What was made.

    Attributes:
        image: uint8 [S, S, 3], blue first.
        boxes: [N, 4] x1, y1, x2, y2, px: tight boxes of the faces' points, inside the picture.
    """

    image: np.ndarray
    boxes: np.ndarray


def make_scene(faces: MixedFaces, seed: tuple[int, ...], size: int) -> Scene:
    """A scene; the same arguments give the same one.

    Half of them are tiles of whole pictures, whose faces keep their own hair and surroundings; in
    the others faces with soft edges lie on a background, beside equally cut pieces without face,
    so that a cut edge is no sign of one. One in twenty has no face.

    Args:
        faces: where faces come from; their surroundings are backgrounds, too.
        seed: any non-negative integers.
        size: width and height, px.

    Raises:
        UserError: a picture cannot be read.
    """
    rng = np.random.default_rng(seed)
    image = background(rng, faces.draw(rng), size)
    kind = rng.choice(['tiles', 'pasted', 'empty'], p=[0.5, 0.45, 0.05])
    if kind == 'tiles':
        boxes = _tiles(rng, faces, image)
    else:
        _decoys(rng, faces, image)
        boxes = _faces(rng, faces, image) if kind == 'pasted' else []
    image = _photographed(rng, image)
    return Scene(image, np.clip(np.reshape(boxes, (-1, 4)), 0, size - 1))


def _tiles(rng: np.random.Generator, faces: MixedFaces, image: np.ndarray) -> list[np.ndarray]:
    """Whole pictures in a grid with one to three rows and columns, in place."""
    size = image.shape[0]
    rows, columns = (int(n) for n in rng.choice([1, 2, 3], 2, p=[0.45, 0.35, 0.2]))
    lines = [_cuts(rng, size, count) for count in (rows, columns)]
    boxes = []
    for top, bottom in zip(lines[0], lines[0][1:], strict=False):
        for left, right in zip(lines[1], lines[1][1:], strict=False):
            tile, face = image[top:bottom, left:right], faces.draw(rng)
            if rng.random() < 0.12:
                tile[:] = cv2.resize(background(rng, face, size), tile.shape[1::-1])
                continue
            room = min(tile.shape[:2])
            limits = np.array(tile.shape[1::-1])
            place = _place(rng, face, room, limits, max(SMALLEST_FACE, room / 4))
            box = paste(tile, face, place_matrix(rng, face, place))
            boxes.append(box + [left, top, left, top])
    return boxes


def _cuts(rng: np.random.Generator, size: int, count: int) -> list[int]:
    """Borders of `count` tiles along a side, the smallest not below half of the mean."""
    shares = rng.uniform(0.5, 1, count)
    return [0, *np.round(np.cumsum(shares) / shares.sum() * size).astype(int).tolist()]


def _place(
    rng: np.random.Generator,
    face: FacePicture,
    room: float,
    limits: np.ndarray,
    smallest: float = SMALLEST_FACE,
) -> Place:
    """Anywhere within `limits` (width, height), sizes log-uniform up to a share of `room`, px."""
    box = tight_box(face.points)
    largest = min(LARGEST_SHARE * room, LARGEST_GROWTH * (box[2:] - box[:2]).max())
    side = float(np.exp(rng.uniform(np.log(smallest), np.log(max(largest, smallest)))))
    x, y = rng.uniform(side / 2, np.maximum(limits - side / 2, side / 2 + 1))
    return Place(float(x), float(y), side)


def _faces(rng: np.random.Generator, faces: MixedFaces, image: np.ndarray) -> list[np.ndarray]:
    """One to seven faces that do not cover each other, in place."""
    boxes, taken = [], []
    size = image.shape[0]
    for _ in range(int(rng.integers(1, 8))):
        face = faces.draw(rng)
        for _ in range(TRIES):
            place = _place(rng, face, size, np.array([size, size]))
            if all(_apart(place, other) for other in taken):
                matrix = place_matrix(rng, face, place)
                boxes.append(paste(image, face, matrix, soft_mask(rng, face)))
                taken.append(place)
                break
    return boxes


def _apart(one: Place, other: Place) -> bool:
    reach = ROOM * (one.side + other.side) / 2
    return max(abs(one.x - other.x), abs(one.y - other.y)) >= reach


def _decoys(rng: np.random.Generator, faces: MixedFaces, image: np.ndarray) -> None:
    """Up to four pieces without face, cut as faces are, in place."""
    for _ in range(int(rng.integers(0, 5))):
        picture = background(rng, faces.draw(rng), 128)
        corners = np.array([[32.0, 32.0], [96.0, 96.0]]) + rng.uniform(-12, 12, (2, 2))
        decoy = FacePicture(picture, corners)
        place = _place(rng, decoy, image.shape[0] * 0.6, np.array(image.shape[1::-1]))
        paste(image, decoy, place_matrix(rng, decoy, place), soft_mask(rng, decoy))


def _photographed(rng: np.random.Generator, image: np.ndarray) -> np.ndarray:
    """Light, colour, blur, noise and compression of the whole."""
    gain = np.exp(rng.normal(0, 0.2) + rng.normal(0, 0.05, 3))
    picture = np.clip(image * (gain / 255), 0, 1).astype(np.float32)
    picture = cv2.pow(picture, float(np.exp(rng.normal(0, 0.25))))
    image = degrade(rng, picture, 0.7)
    return to_grey(image) if rng.random() < 0.12 else image
