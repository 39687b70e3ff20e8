"""Landmarks of many pictures as JSON and CSV."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fanet_mmpose.files import replacing
from fanet_mmpose.pipeline.face_landmarks import FaceLandmarks

Found = Mapping[str, list[FaceLandmarks]]  # image path -> faces
COLUMNS = ('image', 'face', 'point', 'x', 'y', 'score', 'visibility', 'scale')


def to_json(found: Found) -> dict[str, Any]:
    """``{"images": [{"image": ..., "faces": [...]}]}``, faces as `FaceLandmarks.to_dict`.

    The detector `precomputed` reads it.
    """
    images = [
        {'image': image, 'faces': [face.to_dict() for face in faces]}
        for image, faces in found.items()
    ]
    return {'images': images}


def write_json(found: Found, path: Path) -> None:
    """`to_json`, as a file."""
    with replacing(path) as temporary:
        temporary.write_text(json.dumps(to_json(found)), encoding='utf-8')


def write_csv(found: Found, path: Path) -> None:
    """One row for each point, see `COLUMNS`; faces and points are numbered from 0."""
    with replacing(path) as temporary, temporary.open('w', newline='', encoding='utf-8') as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for image, faces in found.items():
            for number, face in enumerate(faces):
                values = face.to_dict()
                columns = (values[name] for name in ('scores', 'visibility', 'scales'))
                for point, (xy, *rest) in enumerate(zip(values['points'], *columns, strict=True)):
                    writer.writerow([image, number, point, *xy, *rest])
