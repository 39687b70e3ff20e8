"""One drawn face as a COCO-style annotation, as the stock face data sets read it."""

from __future__ import annotations

from typing import Any

import numpy as np

from fanet_mmpose.geometry.boxes import tight_box
from fanet_mmpose.synthetic.renderer import SyntheticFace

PIXEL_STD = 200.0
SEEN, HIDDEN = 2, 1


def coco_annotation(face: SyntheticFace, schema: str, number: int) -> dict[str, Any]:
    """Points, box and pose of a face; plain numbers only, so that it goes into JSON.

    Args:
        face: from `render_face`.
        schema: name of the point set.
        number: image id and annotation id.

    Returns:
        ``bbox`` is the tight box (x, y, width, height) round the points, ``center`` its middle,
        ``scale`` its longer side / 200, ``box_size`` the root of its area. In ``keypoints`` a
        visible point has v = 2, a hidden one v = 1: both are labelled.
        ``head_pose`` is yaw, pitch, roll in degrees (`HeadState`).
    """
    points, visible = face.points.to_schema(schema)
    low, high = tight_box(points).reshape(2, 2)
    width, height = high - low
    flags = np.where(visible, SEEN, HIDDEN)
    return {
        'id': number,
        'image_id': number,
        'category_id': 1,
        'iscrowd': 0,
        'bbox': _plain([*low, width, height]),
        'area': float(width * height),
        'center': _plain((low + high) / 2),
        'scale': float(max(width, height) / PIXEL_STD),
        'box_size': float(np.sqrt(width * height)),
        'num_keypoints': len(points),
        'keypoints': _plain(np.concatenate([points, flags[:, None]], axis=1).ravel()),
        'head_pose': _plain(face.head.state.angles),
    }


def _plain(values: Any) -> list[float]:
    return [round(float(value), 3) for value in values]
