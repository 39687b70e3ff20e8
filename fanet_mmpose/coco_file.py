"""What must hold of a COCO-style file before its numbers are used: one check for all readers.

Ids are the file's only tie between a face and its picture. Files that were put together without
renumbering repeat them, and a reader that keeps the last of each gives half of the faces another
picture, or another face's points.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from fanet_mmpose.errors import UserError
from fanet_mmpose.files import read_json

CONVERT = (
    'convert it: tools/dataset_converters/prepare_dataset.py custom --source FOLDER --schema SCHEMA'
)
_NEEDED = {'center': 2, 'scale': 1, 'num_keypoints': 1, 'iscrowd': 1}
"""Fields that MMPose's face datasets read of each annotation, and how many numbers each has."""


def read_coco(path: str | Path) -> dict[str, Any]:
    """Content of a COCO-style file; its lists "images" and "annotations" hold objects with ids.

    Raises:
        UserError: it is missing, no JSON, or of another form.
    """
    content = read_json(path, 'COCO-style annotation file')
    for key, fields in (('images', ('id',)), ('annotations', ('image_id',))):
        entries = content.get(key) if isinstance(content, dict) else None
        if not isinstance(entries, list):
            raise UserError(f'{path}: has no list "{key}": give a COCO-style annotation file')
        for i, entry in enumerate(entries):
            for field in fields:
                found = entry.get(field) if isinstance(entry, dict) else None
                if not isinstance(found, (int, str)):
                    raise UserError(
                        f'{path}: {key}[{i}] has no "{field}" that is a number or a text'
                    )
    return content


def read_pictures(path: str | Path) -> tuple[dict[str, Any], dict[int | str, str]]:
    """`read_coco`, and the file name of each image that an annotation is of, by its id.

    Raises:
        UserError: as `read_coco` and `file_names`; or an annotation belongs to no image.
    """
    content = read_coco(path)
    file_names(content['images'], str(path))
    names = {image['id']: image['file_name'] for image in content['images']}
    for annotation in content['annotations']:
        if annotation['image_id'] not in names:
            raise UserError(f'{path}: annotation {annotation.get("id")} belongs to no image')
    return content, names


def check_numbers(annotation: Mapping[str, Any], where: str, **sizes: int | None) -> None:
    """Raise `UserError` unless fields of an annotation are finite numbers, as many as `sizes` says.

    None: any multiple of three, x, y and flag of each point.
    """
    for name, size in sizes.items():
        value = annotation.get(name)
        count = len(value) if isinstance(value, list) else 1
        if not are_numbers(value, size or count) or (size is None and (count < 3 or count % 3)):
            many = f'{size} finite number(s)' if size else 'x, y, flag for each point'
            raise UserError(f'{where}: annotation {annotation.get("id")}: "{name}" is not {many}')


def id_text(value: Any) -> str:
    """An id as text: 7, 7.0 and "7" are one."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def file_names(images: Iterable[Any], where: str) -> dict[str, str]:
    """File name by the text of its image's id.

    Raises:
        UserError: an entry lacks one of both, or an id stands for two files.
    """
    names: dict[str, str] = {}
    for i, image in enumerate(images):
        if not isinstance(image, dict) or image.get('id') is None or not image.get('file_name'):
            raise UserError(f'{where}: entry {i} of "images" lacks "id" or "file_name"')
        key, name = id_text(image['id']), str(image['file_name'])
        if names.setdefault(key, name) != name:
            raise UserError(
                f'{where}: the image id {key} is both {names[key]} and {name}: files were put '
                'together without new ids; convert each file by itself, or renumber them'
            )
    return names


def check_unique_faces(annotations: Iterable[Mapping[str, Any]], where: str) -> None:
    """Raise `UserError` where two annotations have one id, or one has none."""
    known = set()
    for i, annotation in enumerate(annotations):
        if annotation.get('id') is None:
            raise UserError(f'{where}: annotations[{i}] has no "id"; {CONVERT}')
        key = id_text(annotation['id'])
        if key in known:
            raise UserError(
                f'{where}: two annotations have the id {key}: files were put together without new '
                f'ids, and faces would be mixed up; {CONVERT}'
            )
        known.add(key)


def check_trainable(content: Mapping[str, Any], where: str, as_faces: bool = True) -> None:
    """Raise `UserError` unless MMPose can read the file as it is.

    Args:
        content: with the lists ``images`` and ``annotations``, neither empty.
        where: the file, for messages.
        as_faces: whether it is read as MMPose's face datasets do, with ``center`` and ``scale``;
            otherwise only the ids are checked.
    """
    images, annotations = content['images'], content['annotations']
    for i, annotation in enumerate(annotations):
        if not isinstance(annotation, dict):
            raise UserError(f'{where}: annotations[{i}] is {annotation!r}, no object; {CONVERT}')
    file_names(images, where)
    check_unique_faces(annotations, where)
    ids = [image['id'] for image in images]
    if len(set(map(id_text, ids))) < len(ids):
        raise UserError(f'{where}: lists an image twice; {CONVERT}')
    if not as_faces:
        return
    if not all(isinstance(x, int) for x in [*ids, *(a['id'] for a in annotations)]):
        raise UserError(f'{where}: has ids that are not whole numbers; {CONVERT}')
    for annotation in annotations:
        _check_fields(annotation, where)
    if not any(map(_is_face, annotations)):
        raise UserError(f'{where}: all annotations are crowds or have no labelled point; {CONVERT}')
    _check_categories(content, where)


def _check_fields(annotation: Mapping[str, Any], where: str) -> None:
    face = f'{where}: annotation {annotation["id"]}'
    for name, size in _NEEDED.items():
        if annotation.get(name) is None:
            raise UserError(f'{face} has no "{name}", which MMPose reads; {CONVERT}')
        if not are_numbers(annotation[name], size):
            raise UserError(f'{face}: "{name}" is not {size} finite numbers; {CONVERT}')
    if not annotation['scale'] > 0:
        raise UserError(f'{face}: its "scale" {annotation["scale"]} is no size; {CONVERT}')
    points = annotation.get('keypoints')
    if not isinstance(points, list) or not are_numbers(points, len(points)):
        raise UserError(f'{face}: its "keypoints" are not all finite numbers; {CONVERT}')


def _is_face(annotation: Mapping[str, Any]) -> bool:
    """Whether MMPose keeps an annotation."""
    labelled = annotation['num_keypoints'] and any(annotation['keypoints'][2::3])
    return bool(labelled) and not annotation['iscrowd']


def _check_categories(content: Mapping[str, Any], where: str) -> None:
    """MMPose reads the annotations of every category alike, and needs the id of each."""
    kinds = content.get('categories', [])
    if not (isinstance(kinds, list) and all(isinstance(k, dict) and 'id' in k for k in kinds)):
        raise UserError(f'{where}: "categories" is not a list of objects with ids; {CONVERT}')
    used = {id_text(a['category_id']) for a in content['annotations'] if 'category_id' in a}
    if len(used) > 1:
        raise UserError(
            f'{where}: has objects of {len(used)} categories, which would all be faces; {CONVERT}'
        )


def are_numbers(value: Any, size: int) -> bool:
    """Whether a value is a plain number (`size` 1) or a flat list of `size`, all finite."""
    try:
        array = np.asarray(value, dtype=np.float64)
    except (OverflowError, TypeError, ValueError):
        return False
    return array.size == size and array.ndim < 2 and bool(np.isfinite(array).all())
