"""The faces that nobody labels, as a COCO-style file of boxes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from fanet_mmpose.datasets.converters.images import ImageInfo
from fanet_mmpose.datasets.converters.writer import PIXEL_STD
from fanet_mmpose.geometry.boxes import xyxy_to_xywh

FILE = 'unlabelled.json'


def unlabelled_content(
    boxes: Sequence[tuple[str, np.ndarray]], images: Mapping[str, ImageInfo]
) -> dict[str, Any]:
    """``images``, ``annotations`` and ``categories`` as `UnlabelledFaceDataset` reads them.

    Args:
        boxes: picture and [4] x1, y1, x2, y2 px of each face.
        images: sizes by picture.

    Returns:
        Boxes as MMPose's face datasets have them (``bbox`` x, y, w, h; ``center``; ``scale``, the
        longer side over 200), and no ``keypoints``.
    """
    names = sorted({name for name, _ in boxes})
    ids = {name: number for number, name in enumerate(names, start=1)}
    return {
        'images': [
            {
                'id': ids[name],
                'file_name': name,
                'width': images[name].width,
                'height': images[name].height,
            }
            for name in names
        ],
        'annotations': [
            _annotation(number, ids[name], box) for number, (name, box) in enumerate(boxes, start=1)
        ],
        'categories': [{'id': 1, 'name': 'face', 'supercategory': 'person'}],
    }


def _annotation(number: int, image_id: int, box: np.ndarray) -> dict[str, Any]:
    size = box[2:] - box[:2]
    return {
        'id': number,
        'image_id': image_id,
        'category_id': 1,
        'iscrowd': 0,
        'bbox': np.round(xyxy_to_xywh(box), 3).tolist(),
        'area': round(float(size.prod()), 3),
        'center': np.round((box[:2] + box[2:]) / 2, 3).tolist(),
        'scale': round(float(size.max()) / PIXEL_STD, 6),
        'num_keypoints': 0,
    }
