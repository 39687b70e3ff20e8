"""An annotated set plays somebody's unlabelled photographs, and its truth plays the annotator.

For trying the whole way, and for measuring it: nothing here is needed to use it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from fanet_mmpose.datasets.annotations import FaceAnnotation, load_annotations
from fanet_mmpose.datasets.converters.writer import PIXEL_STD
from fanet_mmpose.errors import UserError
from fanet_mmpose.files import write_bytes, write_json
from fanet_mmpose.geometry.boxes import tight_box
from fanet_mmpose.geometry.schemas import PointSchema, SharedPoints, get_schema, shared_points
from fanet_mmpose.images import load_image
from fanet_mmpose.labelling.labelme_files import ORIGIN

TRUTH = '300w68'  # points of the annotated set
JUNK = 10  # bad pictures of each kind that are mixed in


def play_photographs(annotations: Path, root: Path, out: Path, count: int, seed: int) -> int:
    """Copy `count` random pictures of a set into `out`, and `JUNK` of each bad kind with them.

    The bad ones: noise, files that are cut off, thumbnails, and pictures saved once more.

    Returns:
        Files written.

    Raises:
        UserError: the set has fewer pictures.
    """
    names = sorted({face.image for face in load_annotations(annotations).values()})
    if len(names) < max(count, JUNK):
        raise UserError(f'{annotations}: has {len(names)} pictures and {count} are asked for')
    rng = np.random.default_rng(seed)
    chosen = [names[i] for i in rng.permutation(len(names))[:count]]
    files = {Path(name).name: (root / name).read_bytes() for name in chosen}
    files |= _bad_files([root / name for name in chosen[:JUNK]], rng)
    for name, data in files.items():
        write_bytes(out / name, data)
    return len(files)


def _bad_files(good: Sequence[Path], rng: np.random.Generator) -> dict[str, bytes]:
    files = {}
    for number, path in enumerate(good):
        image = load_image(path)
        noise = rng.integers(0, 256, (200, 200, 3), dtype=np.uint8)
        files[f'bad/noise_{number}.png'] = _encoded(noise, '.png')
        files[f'bad/cut_{number}.jpg'] = path.read_bytes()[: path.stat().st_size // 2]
        files[f'bad/thumbnail_{number}.jpg'] = _encoded(cv2.resize(image, (20, 20)), '.jpg')
        files[f'bad/again_{number}.jpg'] = _encoded(image, '.jpg')
    return files


def _encoded(image: np.ndarray, suffix: str) -> bytes:
    return cv2.imencode(suffix, image)[1].tobytes()


def answer_labels(labels: Path, annotations: Path, schema: PointSchema) -> float:
    """Move every point of the LabelMe files below `labels` to where the set says it is.

    Points that were left out are added. The annotator that this plays never errs.

    Returns:
        How far the points that were there had to be moved, px, on average.

    Raises:
        UserError: there is no file, or one's picture is not of the set.
    """
    truth = {Path(face.image).name: face for face in load_annotations(annotations).values()}
    paths, shared, moved = sorted(labels.rglob('*.json')), _to(schema), []
    for path in paths:
        content = json.loads(path.read_text(encoding='utf-8'))
        if content['imagePath'] not in truth:
            raise UserError(f'{path}: {annotations} has no picture {content["imagePath"]}')
        points = shared(truth[content['imagePath']].points) + ORIGIN
        moved += _set_points(content, dict(zip(schema.point_names, points, strict=True)))
        write_json(path, content, indent=1)
    if not paths:
        raise UserError(f'{labels}: there is no LabelMe file')
    return float(np.mean(moved)) if moved else float('nan')


def _set_points(content: dict[str, Any], points: dict[str, np.ndarray]) -> list[float]:
    """Put the points into one file; how far the ones that were there moved, px."""
    drafts = {s['label']: s['points'][0] for s in content['shapes'] if s['shape_type'] == 'point'}
    boxes = [shape for shape in content['shapes'] if shape['shape_type'] != 'point']
    group = boxes[0]['group_id'] if boxes else None
    content['shapes'] = boxes + [
        {'label': name, 'points': [np.round(point, 3).tolist()], 'shape_type': 'point',
         'group_id': group, 'description': '', 'flags': {}}
        for name, point in points.items()
    ]  # fmt: skip
    return [float(np.linalg.norm(points[name] - drafts[name])) for name in drafts]


def convert_truth(annotations: Path, schema: PointSchema, out: Path) -> int:
    """Write a set's annotations with the points of `schema`, boxed by these; the faces written.

    Raises:
        UserError: the file cannot be read, or has other than 68 points.
    """
    content = json.loads(annotations.read_text(encoding='utf-8'))
    faces, shared = load_annotations(annotations), _to(schema)
    content['annotations'] = [
        _converted(raw, faces[raw['id']], shared) for raw in content['annotations']
    ]
    write_json(out, content)
    return len(faces)


def _converted(raw: dict[str, Any], face: FaceAnnotation, shared: SharedPoints) -> dict[str, Any]:
    points = shared(face.points)
    box = tight_box(points)
    size = box[2:] - box[:2]
    keypoints = np.hstack([points, np.full((len(points), 1), 2.0)])
    return {
        **raw,
        'keypoints': keypoints.ravel().tolist(),
        'num_keypoints': len(points),
        'bbox': [*box[:2].tolist(), *size.tolist()],
        'area': float(size.prod()),
        'center': ((box[:2] + box[2:]) / 2).tolist(),
        'scale': float(size.max()) / PIXEL_STD,
    }


def _to(schema: PointSchema) -> SharedPoints:
    """The way from the truth's points to all of the schema's."""
    shared = shared_points(get_schema(TRUTH), schema)
    if not shared.known.all():
        missing = schema.point_names[int(np.flatnonzero(~shared.known)[0])]
        raise UserError(f'schema {schema.name}: {missing} has no source in {TRUTH}, no truth')
    return shared
