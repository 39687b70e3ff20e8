"""A folder of drawn faces as a data set, so that no real face is needed."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np

from fanet_mmpose.geometry.schemas import get_conversion
from projects.face_detector.scenes.face_sources import SCHEMA, DrawnFaces

FACES = 3


def write_face_folder(folder: Path, schema: str = SCHEMA, split: str = 'train') -> Path:
    """`FACES` drawn faces with the points of `schema`; returns the annotation file."""
    images, annotations = [], []
    (folder / split).mkdir(parents=True, exist_ok=True)
    for number in range(FACES):
        face = DrawnFaces(3, FACES)[number]
        name = f'{split}/{number}.png'
        cv2.imwrite(str(folder / name), face.image)
        points = get_conversion(SCHEMA, schema)(face.points)
        flat = np.concatenate([points, np.ones((len(points), 1))], 1).ravel()
        images.append({'id': number, 'file_name': name})
        annotations.append({'id': number, 'image_id': number, 'keypoints': flat.tolist()})
    path = folder / 'annotations' / f'{split}.json'
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps({'images': images, 'annotations': annotations}))
    return path
