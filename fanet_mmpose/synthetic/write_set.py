"""Writes drawn faces to disk, in the files that MMPose's face data sets read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import cv2
from rich.progress import track

from fanet_mmpose.errors import UserError
from fanet_mmpose.files import write_bytes, write_json
from fanet_mmpose.geometry.schemas import get_conversion, get_schema
from fanet_mmpose.synthetic.coco_annotation import coco_annotation
from fanet_mmpose.synthetic.renderer import render_face
from fanet_mmpose.synthetic.variety import Variety

SPLITS = ('train', 'val', 'test')
# Names of the annotation files that our recipes and MMPose's configs expect.
_FILE_NAMES = {
    'wflw98': 'face_landmarks_wflw_{}.json',
    'cofw29': 'cofw_{}.json',
    'aflw19': 'face_landmarks_aflw_{}.json',
}
# In 300W's annotation files images are named from the root of the data on.
_FROM_ROOT = ('300w68',)


def annotation_file(out: Path, schema: str, split: str) -> Path:
    """Where the annotations of a split go."""
    return out / 'annotations' / _FILE_NAMES.get(schema, '{}.json').format(split)


def _draw_images(
    out: Path, schema: str, seed: int, numbers: Iterable[int], size: int, variety: Variety
) -> tuple[list[dict], list[dict]]:
    """Write the pictures; return COCO's images and annotations."""
    folder = 'images'
    prefix = f'{folder}/' if schema in _FROM_ROOT else ''
    images, annotations = [], []
    for number in numbers:
        face = render_face((seed, 0, number), size, variety)
        name = f'{seed}_{number:06d}.png'
        write_bytes(out / folder / name, cv2.imencode('.png', face.image)[1].tobytes())
        height, width = face.image.shape[:2]
        images.append({'id': number, 'file_name': prefix + name, 'width': width, 'height': height})
        annotations.append(coco_annotation(face, schema, number))
    return images, annotations


def write_set(
    out: Path,
    schema: str,
    num: int,
    splits: Sequence[str] = SPLITS,
    seed: int = 0,
    image_size: int = 224,
    variety: Variety | None = None,
) -> list[Path]:
    """Draw faces and write pictures and annotations.

    Each split has faces of its own: its seed is `seed` plus its place in `SPLITS`, so `train` holds
    what `SyntheticFaceDataset(seed=seed)` draws.

    Args:
        out: folder to write to; ``images/`` and ``annotations/`` are made in it.
        schema: a point set that 98 points convert to.
        num: faces in each split.
        splits: of `SPLITS`.
        seed: not negative.
        image_size: width and height of the pictures, px.
        variety: what may occur.

    Returns:
        The annotation files.

    Raises:
        UserError: no faces asked for, an unknown schema or split.
    """
    if num < 1 or seed < 0:
        raise UserError(f'num must be at least 1 and seed at least 0: num {num}, seed {seed}')
    unknown = set(splits) - set(SPLITS)
    if unknown:
        raise UserError(f'no split "{sorted(unknown)[0]}"; the splits are {", ".join(SPLITS)}')
    get_conversion('wflw98', schema)
    points = get_schema(schema)
    category = {
        'id': 1,
        'name': 'face',
        'supercategory': 'person',
        'keypoints': list(points.point_names),
        'skeleton': [[a + 1, b + 1] for a, b in points.skeleton],
    }
    files = []
    for split in splits:
        numbers = track(range(num), description=f'{schema} {split}')
        images, annotations = _draw_images(
            out, schema, seed + SPLITS.index(split), numbers, image_size, variety or Variety()
        )
        path = annotation_file(out, schema, split)
        content = {'images': images, 'annotations': annotations, 'categories': [category]}
        write_json(path, content)
        files.append(path)
    return files
