"""COCO-style annotations as MMPose's face datasets read them, and what those drop."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from fanet_mmpose.datasets.converters.images import ImageInfo
from fanet_mmpose.datasets.converters.records import FaceRecord
from fanet_mmpose.geometry.boxes import tight_box, xyxy_to_xywh
from fanet_mmpose.geometry.schemas import PointSchema

PIXEL_STD = 200.0
"""MMPose stores a box's longer side in units of this many pixels, as ``scale``."""

_DECIMALS = 4


class CocoWriter:
    """Turns faces into COCO dictionaries; a face has the same ids in every one of them.

    Args:
        records: all faces that any file will hold.
        images: by `FaceRecord.name`.
        schema: the point set.
        box_from_rect: whether ``bbox``, ``center`` and ``scale`` are the release's rectangle
            (where a face has one) or the tight box of the points.
    """

    def __init__(
        self,
        records: Iterable[FaceRecord],
        images: Mapping[str, ImageInfo],
        schema: PointSchema,
        box_from_rect: bool,
    ) -> None:
        self._images = images
        self._schema = schema
        self._box_from_rect = box_from_rect
        self._records = tuple(records)  # keeps them alive: they are known by identity below
        names = sorted({record.name for record in self._records})
        self._image_ids = {name: i for i, name in enumerate(names, start=1)}
        self._ids = {id(record): i for i, record in enumerate(self._records, start=1)}

    def coco(self, records: Iterable[FaceRecord], prefix: str = '') -> dict[str, Any]:
        """``images``, ``annotations`` and ``categories``; `prefix` goes before file names."""
        records = tuple(records)
        names = sorted({record.name for record in records})
        return {
            'images': [self._image(name, prefix) for name in names],
            'annotations': [self._annotation(record) for record in records],
            'categories': [
                {
                    'id': 1,
                    'name': 'face',
                    'supercategory': 'person',
                    'keypoints': list(self._schema.point_names),
                    'skeleton': [[a + 1, b + 1] for a, b in self._schema.skeleton],
                }
            ],
        }

    def _image(self, name: str, prefix: str) -> dict[str, Any]:
        info = self._images[name]
        return {
            'id': self._image_ids[name],
            'file_name': prefix + name,
            'height': info.height,
            'width': info.width,
        }

    def _annotation(self, record: FaceRecord) -> dict[str, Any]:
        points_box = tight_box(record.labelled)
        use_rect = self._box_from_rect and record.rect is not None
        box = record.rect if use_rect else points_box
        size = box[2:] - box[:2]
        flags = record.visibility[:, None]
        keypoints = np.hstack([np.where(flags > 0, record.points, 0), flags])
        annotation = {
            **record.attributes,
            'id': self._ids[id(record)],
            'image_id': self._image_ids[record.name],
            'category_id': 1,
            'iscrowd': 0,
            'bbox': _rounded(xyxy_to_xywh(box)),
            'area': float(round(size.prod(), _DECIMALS)),
            'center': _rounded((box[:2] + box[2:]) / 2),
            'scale': float(round(size.max() / PIXEL_STD, 6)),
            'box_size': float(round(size.max(), _DECIMALS)),
            'keypoints': _rounded(keypoints.ravel()),
            'num_keypoints': len(record.labelled),
            'bbox_points': _rounded(xyxy_to_xywh(points_box)),
        }
        if record.rect is not None:
            annotation['bbox_rect'] = _rounded(xyxy_to_xywh(record.rect))
        return annotation


def _rounded(values: np.ndarray) -> list[float]:
    return np.round(values, _DECIMALS).tolist()
