"""What a model finds on the sets that regions and visibility are fitted to and measured on."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from skimage import data

from fanet_mmpose.deploy.runtime import OnnxModel
from fanet_mmpose.errors import UserError
from fanet_mmpose.geometry.boxes import tight_box
from fanet_mmpose.geometry.crop import (
    crop_image,
    crop_matrix,
    invert,
    matrix_scale,
    transform_points,
)
from fanet_mmpose.images import load_image

# In scikit-image's wheel, public domain or free; in no training of the weights that ship.
COVERS = ('coffee', 'chelsea', 'rocket', 'brick', 'grass', 'gravel', 'retina')
Face = tuple[np.ndarray, np.ndarray, np.ndarray, int]  # picture, points, labelled or not, class


@dataclass(frozen=True, eq=False)
class Observations:
    """N faces of K points, in pixels of their pictures.

    Attributes:
        truth: [N, K, 2]; `labelled` [N, K] says which people marked.
        found: [N, K, 2].
        scales, scores, visibility: [N, K], the model's.
        hidden: [N, K], under a patch or otherwise out of sight.
        pose_class: [N], LFW's -2 to 2; 9 where there is none.
    """

    truth: np.ndarray
    labelled: np.ndarray
    found: np.ndarray
    scales: np.ndarray
    scores: np.ndarray
    visibility: np.ndarray
    hidden: np.ndarray
    pose_class: np.ndarray

    def __getitem__(self, which: np.ndarray | slice) -> Observations:
        return Observations(*(value[which] for value in vars(self).values()))

    def save(self, path: Path) -> None:
        """As .npz."""
        path.parent.mkdir(parents=True, exist_ok=True)
        np.savez_compressed(path, **vars(self))


def load(path: Path) -> Observations:
    """What `Observations.save` wrote."""
    with np.load(path, allow_pickle=False) as arrays:
        return Observations(**dict(arrays))


def join(parts: Iterable[Observations]) -> Observations:
    """One after the other."""
    return Observations(*map(np.concatenate, zip(*(vars(p).values() for p in parts), strict=True)))


def read_faces(annotations: Path, pictures: Path) -> Iterator[Face]:
    """Faces of a COCO file with 68 points. Raises `UserError` if it is not there."""
    if not annotations.is_file():
        raise UserError(
            f'{annotations}: there is no such file; --data names the folder of the sets'
        )
    content = json.loads(annotations.read_text(encoding='utf-8'))
    files = {image['id']: image['file_name'] for image in content['images']}
    for face in content['annotations']:
        points = np.reshape(face['keypoints'], (-1, 3)).astype(float)
        labelled = points[:, 2] > 0
        if not labelled.all():  # a tight box of six points is none
            x, y, width, height = face['bbox']
            points[~labelled, :2] = np.array([[x, y], [x + width, y + height]]).mean(0)
            corners = np.array([[x, y], [x + width, y + height]])
            points[np.flatnonzero(~labelled)[:2], :2] = corners
        image = load_image(pictures / files[face['image_id']])
        yield image, points[:, :2], labelled, face.get('head_pose', 9)


def cover(image: np.ndarray, points: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Paste a patch of a photograph over part of a face, in place; the mask [H, W] of it."""
    side = float(np.ptp(points, axis=0).max())
    mask = np.zeros(image.shape[:2], np.uint8)
    at = points.mean(0) + rng.uniform(-0.5, 0.5, 2) * side
    box = (at.tolist(), (rng.uniform(0.25, 0.65, 2) * side).tolist(), float(rng.uniform(0, 180)))
    if rng.random() < 0.5:
        cv2.ellipse(mask, box, 1, -1)
    else:
        cv2.fillConvexPoly(mask, np.rint(cv2.boxPoints(box)).astype(np.int32), 1)
    source = np.atleast_3d(getattr(data, COVERS[rng.integers(len(COVERS))])())[..., ::-1]
    source = np.broadcast_to(source, (*source.shape[:2], 3)) if source.shape[2] == 1 else source
    height, width = image.shape[:2]
    scale = 1.01 * max(height / source.shape[0], width / source.shape[1], 0.3)
    source = cv2.resize(np.ascontiguousarray(source), None, fx=scale, fy=scale)
    y, x = (rng.integers(s - n + 1) for s, n in zip(source.shape[:2], (height, width), strict=True))
    image[mask > 0] = source[y : y + height, x : x + width][mask > 0]
    return mask


def observe(model: OnnxModel, faces: Iterable[Face], seed: int | None = None) -> Observations:
    """One crop of each face in the tight box of its points.

    Args:
        model: of 68 points.
        faces: see `read_faces`.
        seed: paste a patch on each of them.
    """
    rng = None if seed is None else np.random.default_rng(seed)
    rows = []
    for image, points, labelled, pose in faces:
        hidden = np.zeros(len(points), bool)
        if rng is not None:
            image = image.copy()
            mask = cover(image, points, rng)
            limit = np.array(mask.shape[::-1]) - 1
            x, y = np.clip(np.rint(points).astype(int), 0, limit).T
            hidden = mask[y, x] > 0
        rows.append((points, labelled, *look(model, image, points), hidden, pose))
    return Observations(*map(np.array, zip(*rows, strict=True)))


def look(model: OnnxModel, image: np.ndarray, points: np.ndarray) -> tuple[np.ndarray, ...]:
    """Points px, scales px, scores and visibility of one face, in the tight box of `points`."""
    size = model.info.input_size
    matrix = crop_matrix(tight_box(points), size, model.info.padding)
    crop = cv2.cvtColor(crop_image(image, matrix, size), cv2.COLOR_BGR2RGB)
    found, back = model(crop[None]), invert(matrix)
    place = transform_points(found.keypoints[0].astype(float), back)
    return place, found.scales[0] * matrix_scale(back), found.scores[0], found.visibility[0]
