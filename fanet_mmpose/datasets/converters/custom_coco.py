"""COCO keypoints: ``images``, ``annotations`` with ``keypoints`` x, y, v and ``bbox`` x, y, w, h.

The points stand in the order of the category's ``keypoints``, where it names them. Crowds, objects
of other categories and objects without points are no faces. A file in which no flag is 2 uses 1 for
every label, as MMPose's own annotations do; its labels count as visible. Other plain fields of an
annotation are kept as attributes.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from fanet_mmpose.coco_file import file_names, id_text
from fanet_mmpose.datasets.converters.custom_common import (
    as_flags,
    attributes_of,
    load_json,
    stated_size,
    yes_or_no,
)
from fanet_mmpose.datasets.converters.custom_face import RawFace, RawRows
from fanet_mmpose.datasets.converters.point_names import carry_names
from fanet_mmpose.datasets.converters.records import try_row
from fanet_mmpose.datasets.converters.source import Source
from fanet_mmpose.errors import UserError
from fanet_mmpose.geometry.boxes import xywh_to_xyxy
from fanet_mmpose.geometry.schemas import PointSchema

_COCO_FIELDS = {
    'id', 'image_id', 'category_id', 'iscrowd', 'area', 'keypoints', 'num_keypoints', 'scale',
    'bbox', 'center', 'segmentation', 'ignore',
}  # fmt: skip
_IMAGE_FIELDS = {'id', 'file_name', 'width', 'height', 'license', 'flickr_url', 'coco_url'}


class Category(NamedTuple):
    """A kind of objects: its name, and the names of its points in order, if it has some."""

    name: str
    points: tuple[str, ...] | None


def is_coco(source: Source, path: Path, content: Any) -> bool:
    """Whether parsed JSON has COCO's two lists."""
    names = ('images', 'annotations')
    return isinstance(content, dict) and all(isinstance(content.get(n), list) for n in names)


def read_coco(source: Source, schema: PointSchema) -> RawRows:
    """Objects of every COCO file.

    Raises:
        UserError: an image id stands for two files, or a list is malformed.
    """
    for path in source.find('*.json'):
        content = load_json(source, path)
        if not is_coco(source, path, content):
            continue
        file_names(content['images'], str(path))
        images = {id_text(image['id']): image for image in content['images']}
        categories = _categories(content, schema, path)
        for i, annotation in enumerate(content['annotations']):
            where = f'{source.relative(path)}:annotations[{i}]'
            parse = partial(_parse, path, where, annotation, images, categories)
            yield try_row(where, where, parse)


def _categories(content: Mapping[str, Any], schema: PointSchema, path: Path) -> dict[str, Category]:
    """By id: the category's name, and its points' names in order, None where it has none."""
    categories = content.get('categories') or []
    found = {}
    try:
        for category in categories:
            names = tuple(map(str, category.get('keypoints') or ()))
            names = names if carry_names(names, schema) else None
            found[id_text(category['id'])] = Category(str(category.get('name', '')), names)
    except (KeyError, TypeError, AttributeError):
        raise UserError(f'{path}: an entry of "categories" lacks "id"') from None
    if len(found) < len(categories):
        raise UserError(f'{path}: two "categories" have one id; give each its own')
    return found


def _parse(
    path: Path,
    where: str,
    annotation: dict[str, Any],
    images: Mapping[str, Mapping[str, Any]],
    categories: Mapping[str, Category],
) -> RawFace:
    category, names = _category_of(annotation, categories)
    image = images.get(id_text(annotation['image_id']))
    if image is None:
        raise ValueError(f'image_id {annotation["image_id"]} is not among the images')
    no_face = _no_face(annotation)
    values = np.zeros((0, 3)) if no_face else _values(annotation['keypoints'])
    flags = as_flags(values[:, 2])
    if not no_face and not flags.any():
        no_face = 'none of its points is labelled'
    if names and not no_face and len(names) != len(values):
        raise ValueError(
            f'{values.size} keypoint values, but its category names {len(names)} points'
        )
    box = np.array(annotation.get('bbox') or [], dtype=np.float64)
    if box.size not in (0, 4):
        raise ValueError(f'its bbox has {box.size} numbers, which broadcast to no x, y, w, h')
    return RawFace(
        path=path,
        where=where,
        image=str(image['file_name']),
        xy=values[:, :2],
        flags=flags,
        counted=True,
        labels=names,
        rect=xywh_to_xyxy(box) if box.size else None,
        category=category,
        attributes=attributes_of({k: v for k, v in annotation.items() if k not in _COCO_FIELDS}),
        fields=_fields(annotation, image),
        no_face=no_face,
        size=stated_size(image.get('width'), image.get('height')),
    )


def _fields(annotation: Mapping[str, Any], image: Mapping[str, Any]) -> dict[str, Any]:
    """Fields of the image, and the ``attributes`` that CVAT and others give an object."""
    nested = annotation.get('attributes')
    of_face = attributes_of(nested) if isinstance(nested, dict) else {}
    return {**attributes_of({k: v for k, v in image.items() if k not in _IMAGE_FIELDS}), **of_face}


def _category_of(annotation: Mapping[str, Any], categories: Mapping[str, Category]) -> Category:
    if not categories:
        return Category('', None)
    identifier = annotation.get('category_id')
    if identifier is None and len(categories) == 1:
        return next(iter(categories.values()))
    if id_text(identifier) not in categories:
        raise ValueError(f'category_id {identifier} is not among the categories')
    return categories[id_text(identifier)]


def _no_face(annotation: Mapping[str, Any]) -> str:
    if yes_or_no(annotation.get('iscrowd')):
        return 'it is a crowd (iscrowd)'
    if yes_or_no(annotation.get('ignore')):
        return 'it is to be ignored (ignore)'
    return '' if annotation.get('keypoints') else 'its keypoints are missing or empty'


def _values(keypoints: Any) -> np.ndarray:
    """[N, 3] x, y, flag; lists of points are taken as well as COCO's flat list."""
    values = np.array(
        [
            np.nan if v is None else v
            for row in keypoints
            for v in (row if _is_list(row) else [row])
        ],
        dtype=np.float64,
    )
    if values.size % 3:
        raise ValueError(f'{values.size} keypoint values, which are not x, y, flag of each point')
    return values.reshape(-1, 3)


def _is_list(value: Any) -> bool:
    return isinstance(value, (list, tuple))
