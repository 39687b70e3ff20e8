"""What MMPose's face datasets drop from a COCO-style file: attributes, occlusion, box sizes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from fanet_mmpose.coco_file import read_coco
from fanet_mmpose.errors import UserError

# Fields with a meaning of their own; any other plain value is an attribute of the face.
_STRUCTURE = {
    'id', 'image_id', 'category_id', 'iscrowd', 'area', 'scale', 'num_keypoints', 'box_size',
}  # fmt: skip


@dataclass(frozen=True)
class FaceAnnotation:
    """One annotated face.

    Attributes:
        id: the annotation's id.
        image: file name as the annotations state it, or ``''``.
        points: [K, 2] px.
        visibility: [K] COCO's flags 0, 1, 2.
        fields: the raw annotation.
        attributes: its plain values that describe the face.
    """

    id: int | str
    image: str
    points: np.ndarray
    visibility: np.ndarray
    fields: Mapping[str, Any] = field(default_factory=dict)
    attributes: Mapping[str, Any] = field(default_factory=dict)

    def box(self, name: str) -> np.ndarray:
        """[4] x, y, w, h of the box in the field `name`; NaN where it is null.

        Raises:
            UserError: no such field, or not four numbers.
        """
        if name not in self.fields:
            raise UserError(f'annotation {self.id} has no box {name!r}')
        value = self.fields[name]
        if value is None:
            return np.full(4, np.nan)
        try:
            return np.asarray(value, float).reshape(4)
        except (TypeError, ValueError):
            raise UserError(f'annotation {self.id}: {name} must be [x, y, w, h]') from None


def read_annotation(raw: Mapping[str, Any], image: Mapping[str, Any]) -> FaceAnnotation:
    """Read one COCO annotation and the entry of its image.

    Raises:
        UserError: ``id`` or ``keypoints`` is missing or malformed.
    """
    try:
        keypoints = np.asarray(raw['keypoints'], float).reshape(-1, 3)
        identifier = raw['id']
        attributes = {**image, **raw, **raw.get('attributes', {})}
    except (AttributeError, KeyError, OverflowError, TypeError, ValueError) as error:
        raise UserError(f'an annotation has a bad or missing field ({error})') from None
    if not isinstance(identifier, (int, str)):
        raise UserError(f'an annotation has the id {identifier!r}; it must be a number or a text')
    if not np.isfinite(keypoints).all():
        raise UserError(f'annotation {identifier} has NaN or infinity in its keypoints')
    described = set(image) & {'id', 'file_name', 'height', 'width', 'img_id', 'img_path'}
    return FaceAnnotation(
        id=identifier,
        image=str(image.get('file_name', '')),
        points=keypoints[:, :2],
        visibility=np.clip(keypoints[:, 2], 0, 2).astype(int),
        fields=raw,
        attributes={
            name: value
            for name, value in attributes.items()
            if name not in _STRUCTURE | described and _is_plain(value)
        },
    )


def _is_plain(value: Any) -> bool:
    return isinstance(value, (str, int)) or (isinstance(value, float) and np.isfinite(value))


def load_annotations(path: str | Path) -> dict[int | str, FaceAnnotation]:
    """All faces of a COCO-style file by annotation id.

    Raises:
        UserError: the file is missing, is not COCO-style JSON, or an annotation is malformed.
    """
    content = read_coco(path)
    try:
        images = {image['id']: image for image in content['images']}
        faces = [read_annotation(a, images.get(a['image_id'], {})) for a in content['annotations']]
    except UserError as error:
        raise UserError(f'{path}: {error}') from None
    return {face.id: face for face in faces}


def stack_box_sizes(faces: Sequence[FaceAnnotation]) -> np.ndarray | None:
    """[N] px of ``box_size``; None if there are no faces or one does not state it.

    Raises:
        UserError: one is no number.
    """
    sizes = [face.fields.get('box_size') for face in faces]
    try:
        return None if not sizes or None in sizes else np.array(sizes, float)
    except (TypeError, ValueError):
        raise UserError('a box_size in the annotations is no number') from None


def stack_attributes(faces: Sequence[FaceAnnotation]) -> dict[str, list[Any]]:
    """Attribute name to N values; None where a face does not have it."""
    names = dict.fromkeys(name for face in faces for name in face.attributes)
    return {name: [face.attributes.get(name) for face in faces] for name in names}
