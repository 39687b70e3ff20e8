"""Models on disturbed copies of 300W val, with the true box.

`python projects/release/tools/disturbed_val.py data/300w [--cover FOLDER_OF_PHOTOGRAPHS]`

`--models` are shipped names or ONNX files, of one input size.

One disturbance at a time, one draw of each. With `--cover`, instead: a patch of a photograph on
each face, the error of all and of the hidden points, and the average precision of "hidden".
"""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np

from fanet_mmpose.deploy.runtime import OnnxModel
from fanet_mmpose.errors import UserError, friendly_exit
from fanet_mmpose.geometry.boxes import tight_box
from fanet_mmpose.geometry.crop import crop_image, crop_matrix, transform_points
from fanet_mmpose.images import load_image
from fanet_mmpose.weights import find

MODELS = ('fanet_lite_300w', 'fanet_lite_300w_v1')
USUAL = 128  # px, the crop that the numbers of px below are meant for
Change = Callable[[np.ndarray, np.random.Generator], np.ndarray]
Faces = list[tuple[np.ndarray, np.ndarray]]  # pictures and their points [68, 2] px


def read_faces(root: Path) -> Faces:
    """Pictures and points of val."""
    content = json.loads((root / 'annotations' / 'val.json').read_text())
    files = {image['id']: image['file_name'] for image in content['images']}
    return [
        (load_image(root / files[face['image_id']]), np.reshape(face['keypoints'], (-1, 3))[:, :2])
        for face in content['annotations']
    ]


def darken(crop: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A fifteenth of the light, with a sensor's noise."""
    return np.clip(crop * 0.07 + rng.normal(0, 4, crop.shape), 0, 255).astype(np.uint8)


def shrink(crop: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """16 px a side."""
    return cv2.resize(cv2.resize(crop, (16, 16), interpolation=cv2.INTER_AREA), crop.shape[1::-1])


CHANGES: dict[str, tuple[float, Change]] = {
    'as it is': (0, lambda crop, rng: crop),
    'roll 30': (30, lambda crop, rng: crop),
    'roll 60': (60, lambda crop, rng: crop),
    'roll 90': (90, lambda crop, rng: crop),
    'light x0.07': (0, darken),
    '16 px': (0, shrink),
    'blur 3 px': (0, lambda crop, rng: cv2.GaussianBlur(crop, (0, 0), 3)),
}


def make_crops(
    faces: Faces, angle: float, change: Change, size: tuple[int, int] = (USUAL, USUAL)
) -> tuple[np.ndarray, np.ndarray]:
    """Crops [N, height, width, 3], red first, turned by plus or minus `angle`; their points, px."""
    rng, crops, truth = np.random.default_rng(3), [], []
    for image, points in faces:
        turn = np.deg2rad(angle * rng.choice([-1, 1]))
        rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
        upright = crop_matrix(tight_box(points @ rotation.T), size)
        matrix = np.column_stack([upright[:, :2] @ rotation, upright[:, 2]])
        crops.append(change(crop_image(image, matrix, size), rng)[..., ::-1])
        truth.append(transform_points(points, matrix))
    return np.ascontiguousarray(np.stack(crops)), np.stack(truth)


def errors(found: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """Error of each point [N, K] in eye distances."""
    eyes = np.linalg.norm(truth[:, 45] - truth[:, 36], axis=-1)
    return np.linalg.norm(found - truth, axis=-1) / eyes[:, None]


def cover(crops: np.ndarray, truth: np.ndarray, folder: Path) -> tuple[np.ndarray, np.ndarray]:
    """The crops with a patch of a photograph each, and which points [N, K] are under it."""
    rng = np.random.default_rng(5)
    photographs = [load_image(path)[..., ::-1] for path in sorted(folder.glob('*.jpg'))[:40]]
    covered, hidden, size = [], [], crops.shape[1]
    larger = size / USUAL
    for crop, points in zip(crops, truth, strict=True):
        mask = np.zeros((size, size), np.uint8)
        center, sides = (larger * rng.uniform(*ends, 2) for ends in ((20, 108), (25, 60)))
        box = (center.tolist(), sides.tolist(), float(rng.uniform(0, 180)))
        if rng.random() < 0.5:
            cv2.ellipse(mask, box, 1, -1)
        else:
            cv2.fillConvexPoly(mask, np.rint(cv2.boxPoints(box)).astype(np.int32), 1)
        source = photographs[rng.integers(len(photographs))]
        y, x = (rng.integers(side - size + 1) for side in source.shape[:2])
        patch = source[y : y + size, x : x + size]
        covered.append(np.where(mask[..., None] > 0, patch, crop))
        columns, rows = np.clip(np.rint(points).astype(int), 0, size - 1).T
        hidden.append(mask[rows, columns] > 0)
    return np.ascontiguousarray(np.stack(covered)), np.stack(hidden)


def average_precision(hidden: np.ndarray, chance: np.ndarray) -> float:
    """Of the chance that a point is hidden, over all points."""
    ranked = hidden.ravel()[np.argsort(-chance.ravel(), kind='stable')]
    return float((np.cumsum(ranked) / np.arange(1, ranked.size + 1))[ranked].mean())


@friendly_exit
def main() -> None:
    """Print a row for each disturbance and model."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument('root', type=Path, help='300W: annotations/val.json and its pictures')
    parser.add_argument('--cover', type=Path, help='folder of photographs to cut patches from')
    parser.add_argument('--models', nargs='+', default=MODELS, help='names or ONNX files')
    args = parser.parse_args()
    faces = read_faces(args.root)
    models = {
        name: OnnxModel(name if name.endswith('.onnx') else find(name), threads=1)
        for name in args.models
    }
    sizes = {model.info.input_size for model in models.values()}
    if len(sizes) > 1:
        raise UserError(f'--models: have inputs of {sorted(sizes)} px: compare those of one size')
    (size,) = sizes
    if args.cover:
        crops, truth = make_crops(faces, *CHANGES['as it is'], size)
        crops, hidden = cover(crops, truth, args.cover)
        for name, model in models.items():
            found = model(crops)
            off = 100 * errors(found.keypoints, truth)
            precision = average_precision(hidden, 1 - found.visibility)
            print(f'{name}: NME {off.mean():.2f}, hidden {off[hidden].mean():.2f}, {precision:.3f}')
        return
    for title, (angle, change) in CHANGES.items():
        crops, truth = make_crops(faces, angle, change, size)
        for name, model in models.items():
            off = 100 * errors(model(crops).keypoints, truth).mean(1)
            print(f'{title}: {name}: NME {off.mean():.2f}, FR10 {100 * (off > 10).mean():.1f}')


if __name__ == '__main__':
    main()
