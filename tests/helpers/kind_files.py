"""Small files of seven points, as people have them, and what a conversion makes of them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from fanet_mmpose.datasets.converters import Options, convert_dataset
from fanet_mmpose.geometry.schemas import load_schema
from tests.helpers.tiny_releases import (
    encoded,
    photograph,
    read_annotations,
    toy_face,
    write_files,
)

SCHEMA = """
name: mask7
points: [left_eye, right_eye, left_brow, right_brow, nose, left_mouth, right_mouth]
flip_pairs: [[left_eye, right_eye], [left_brow, right_brow], [left_mouth, right_mouth]]
parts: {eyes: [left_eye, right_eye], brows: [2, 3], nose: [nose], mouth: [5, 6]}
eye_corners: [[left_eye], [right_eye]]
"""
NAMES = ('left_eye', 'right_eye', 'left_brow', 'right_brow', 'nose', 'left_mouth', 'right_mouth')
HEADER = ['image', *(f'{name}_{axis}' for name in NAMES for axis in 'xy')]
Files = dict[str, bytes]


def face(schema: Path, seed: int) -> np.ndarray:
    """[7, 2] with points of a hundredth of a pixel."""
    return toy_face(load_schema(schema), seed).round(2)


def picture(seed: int) -> bytes:
    return encoded(photograph(seed))


def table(rows: list[list[Any]], header: list[str] = HEADER, delimiter: str = ',') -> bytes:
    return '\n'.join(delimiter.join(map(str, row)) for row in [header, *rows]).encode()


def run(schema: Path, files: Mapping[str, bytes], **options: Any) -> dict[str, np.ndarray]:
    """[7, 3] points of each picture with one face, by split and name below ``images/``."""
    source = write_files(schema.parent / 'in', files)
    out = schema.parent / 'out'
    options = {'schema': str(schema), **options}
    convert_dataset(Options('custom', (source,), out, **options))
    found: dict[str, np.ndarray] = {}
    for path in sorted((out / 'annotations').glob('*.json')):
        coco = read_annotations(out, path.stem)
        names = {image['id']: image['file_name'] for image in coco['images']}
        for annotation in coco['annotations']:
            key = f'{path.stem}:{names[annotation["image_id"]].removeprefix("images/")}'
            assert key not in found, 'two faces on one picture'
            found[key] = np.array(annotation['keypoints']).reshape(-1, 3)
    return found


def by_name(found: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    return {key.split(':', 1)[1]: points for key, points in found.items()}


def same(found: Mapping[str, np.ndarray], truth: Mapping[str, np.ndarray]) -> None:
    assert set(found) == set(truth)
    for name, points in truth.items():
        np.testing.assert_allclose(found[name][:, :2], points, atol=2e-3, err_msg=name)


# ------------------------------------------------------------------------------- which picture
def coco_of(faces: list[np.ndarray], name: str = '{i:03d}.jpg', **more: Any) -> dict[str, Any]:
    return {
        'images': [{'id': i, 'file_name': name.format(i=i)} for i in range(len(faces))],
        'annotations': [
            {
                'id': i,
                'image_id': i,
                'category_id': 1,
                'keypoints': np.c_[points, np.full(7, 2)].ravel().tolist(),
            }
            for i, points in enumerate(faces)
        ],
        'categories': [{'id': 1, 'name': 'face', 'keypoints': list(NAMES)}],
        **more,
    }


def one_table(schema: Path, said: str, files: Files) -> bytes:
    return table([[said.format(i=i), *face(schema, i).ravel()] for i in range(4)])
