"""COCO keypoints: ``images``, ``annotations`` with ``keypoints`` x, y, v and ``bbox`` x, y, w, h.

A file in which no flag is 2 uses 1 for every label, as MMPose's own annotations do; its labels
count as visible. Other plain fields of an annotation are kept as attributes; the split is read
off the name of the file.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from fanet_mmpose.datasets.converters.custom_common import (
    as_flags,
    attributes_of,
    load_json,
    split_of,
)
from fanet_mmpose.datasets.converters.records import (
    OCCLUDED,
    VISIBLE,
    FaceRecord,
    Rows,
    try_row,
    xywh_to_xyxy,
)
from fanet_mmpose.datasets.converters.source import Source
from fanet_mmpose.errors import UserError
from fanet_mmpose.geometry.schemas import PointSchema

_COCO_FIELDS = {
    'id', 'image_id', 'category_id', 'iscrowd', 'area', 'keypoints', 'num_keypoints', 'scale',
    'bbox', 'center', 'segmentation',
}  # fmt: skip


def is_coco(path: Path) -> bool:
    """Whether a JSON file has COCO's two lists."""
    return _has_coco_lists(load_json(path))


def _has_coco_lists(content: Any) -> bool:
    names = ('images', 'annotations')
    return isinstance(content, dict) and all(isinstance(content.get(n), list) for n in names)


def read_coco(source: Source, schema: PointSchema, base: float) -> Rows:
    """Faces of every COCO file."""
    for path in source.find('*.json'):
        content = load_json(path)
        if not _has_coco_lists(content):
            continue
        images = _file_names(path, content['images'])
        labelled = VISIBLE if _never_visible(content['annotations']) else OCCLUDED
        for i, annotation in enumerate(content['annotations']):
            where = f'{source.relative(path)}:annotations[{i}]'
            parse = partial(_parse, source, schema, annotation, images, base, labelled)
            yield try_row(where, where, partial(parse, split_of(path.stem), where))


def _never_visible(annotations: list[dict[str, Any]]) -> bool:
    """Whether no keypoint of any annotation has the flag 2."""
    return not any(
        VISIBLE in annotation.get('keypoints', ())[2::3]
        for annotation in annotations
        if isinstance(annotation, dict) and isinstance(annotation.get('keypoints'), list)
    )


def _file_names(path: Path, images: list[dict[str, Any]]) -> dict[int, str]:
    try:
        return {image['id']: str(image['file_name']) for image in images}
    except (KeyError, TypeError):
        raise UserError(f'{path}: an entry of "images" lacks "id" or "file_name"') from None


def _parse(
    source: Source,
    schema: PointSchema,
    annotation: dict[str, Any],
    images: dict[int, str],
    base: float,
    labelled: int,
    split: str,
    where: str,
) -> FaceRecord:
    image = images.get(annotation['image_id'])
    if image is None:
        raise ValueError(f'image_id {annotation["image_id"]} is not among the images')
    values = np.asarray(annotation['keypoints'], dtype=np.float64)
    if values.size != 3 * schema.num_points:
        raise ValueError(
            f'{values.size} keypoint values where 3 x {schema.num_points} are expected'
        )
    points, visibility = values.reshape(-1, 3)[:, :2], as_flags(values[2::3])
    visibility[visibility == OCCLUDED] = labelled
    box = annotation.get('bbox')
    return FaceRecord(
        name=image,
        image=source.image(image),
        points=np.where(visibility[:, None] > 0, points - base, 0),
        visibility=visibility,
        split=split,
        where=where,
        rect=xywh_to_xyxy(np.array(box, dtype=np.float64) - [base, base, 0, 0]) if box else None,
        attributes=attributes_of({k: v for k, v in annotation.items() if k not in _COCO_FIELDS}),
    )
