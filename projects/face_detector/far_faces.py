"""How small a face may be in a large photograph: real faces, shrunk, in a scene of things."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from fanet_mmpose.geometry.boxes import max_iou
from fanet_mmpose.images import load_image
from fanet_mmpose.inference.detectors.calibrate import AnnotatedFace
from fanet_mmpose.inference.landmarker import FaceLandmarker

# A box of 20 px that is 2 px off overlaps by 0.7 already.
HIT = 0.4
SOFT = 1 / 12  # of a pasted picture's shorter side fades into the scene


@dataclass(frozen=True)
class FarFaces:
    """Of faces of one size: share `found`, `false` faces a scene, CPU `milliseconds` a scene.

    What the landmark model takes for none is neither.
    """

    found: float
    false: float
    milliseconds: float


def place_far(
    scene: np.ndarray, image: np.ndarray, box: np.ndarray, side: float, middle: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """A copy of a scene with a picture shrunk into it, and the box there.

    Args:
        scene: uint8 [H, W, 3].
        image: uint8 [h, w, 3].
        box: [4] tight box of its face, px of the image.
        side: of the box in the scene, px.
        middle: [2] x, y of the picture in the scene; all of it must fit.
    """
    factor = side / max(box[2:] - box[:2])
    small = cv2.resize(image, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    height, width = small.shape[:2]
    left, top = (int(round(m - s / 2)) for m, s in zip(middle, (width, height), strict=True))
    edge = max(1, round(SOFT * min(height, width)))
    mask = np.zeros((height, width), np.float32)
    mask[edge:-edge, edge:-edge] = 1
    mask = cv2.GaussianBlur(mask, (0, 0), edge / 2)[..., None]
    there = scene.copy()
    part = there[top : top + height, left : left + width]
    part[...] = np.rint(mask * small + (1 - mask) * part).astype(np.uint8)
    scale = np.array([width / image.shape[1], height / image.shape[0]])
    return there, np.tile(scale, 2) * box + np.array([left, top, left, top])


def find_far(
    find: FaceLandmarker,
    faces: Sequence[AnnotatedFace],
    scenes: Sequence[np.ndarray],
    side: float,
    seed: int = 0,
) -> FarFaces:
    """Each face alone in a scene, at a random place.

    Args:
        find: detector and landmark model.
        faces: at least one; their pictures must fit into the scenes when shrunk.
        scenes: uint8 [H, W, 3], in turn.
        side: of the faces' tight boxes in the scenes, px.
        seed: of the places.
    """
    rng = np.random.default_rng(seed)
    right = others = 0
    spent = []
    for index, face in enumerate(faces):
        scene, image = scenes[index % len(scenes)], load_image(face.path)
        reach = max(image.shape[:2]) * side / max(face.box[2:] - face.box[:2]) / 2 + 1
        middle = rng.uniform(reach, np.array(scene.shape[1::-1]) - reach)
        picture, box = place_far(scene, image, face.box, side, middle)
        start = time.process_time()
        found = find(picture)
        spent.append(time.process_time() - start)
        hit = max_iou(box, [one.box for one in found]) >= HIT
        right, others = right + hit, others + len(found) - hit
    return FarFaces(right / len(faces), others / len(faces), 1000 * float(np.median(spent)))
