"""The same face in two splits: found by perceptual hash, confirmed on the thumbnails."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from fanet_mmpose.datasets.converters.images import ImageInfo
from fanet_mmpose.datasets.converters.records import FaceRecord
from fanet_mmpose.geometry.boxes import max_iou, tight_box

HASH_DISTANCE = 10
"""Differing bits, of 64, that two versions of one image may have; unrelated ones have 32."""

THUMB_DIFFERENCE = 4.0
"""Mean grey levels by which the thumbnails of two versions of one image may differ."""

SAME_FACE = 0.5
"""Intersection over union of the faces' boxes, in units of the image. Below it, they are two
faces of one photograph, which the random splits of AFLW and others do separate."""

_ORDER = ('train', 'val', 'test', 'private')
_BATCH = 1024


def repeated_faces(
    records: Sequence[FaceRecord], images: Mapping[str, ImageInfo]
) -> dict[int, int]:
    """Index of each face that also occurs in a later fold, and the index of that other face.

    The later of train, val, test keeps the face, so that a test stays what it officially is.
    """
    by_image = defaultdict(list)
    for i, record in enumerate(records):
        by_image[record.name].append(i)
    repeated = {}
    for first, second in similar_images(images):
        for i in by_image[first]:
            for j in by_image[second]:
                earlier, later = sorted((i, j), key=lambda k: _ORDER.index(records[k].fold))
                if records[earlier].fold == records[later].fold:
                    continue
                if _overlap(records[i], images[first], records[j], images[second]) > SAME_FACE:
                    repeated[earlier] = later
    return repeated


def similar_images(images: Mapping[str, ImageInfo]) -> Iterator[tuple[str, str]]:
    """Pairs of names of images that look the same, each image with itself included."""
    names = list(images)
    if not names:
        return
    hashes = np.stack([images[name].perceptual_hash for name in names])
    signs = np.where(hashes, 1, -1).astype(np.float32)
    thumbs = np.stack([images[name].thumb for name in names]).astype(np.float32)
    for start in range(0, len(names), _BATCH):
        # Of 64 signs, a product of 64 - 2d means d differing bits.
        close = signs[start : start + _BATCH] @ signs.T >= 64 - 2 * HASH_DISTANCE
        for i, j in zip(*np.nonzero(close), strict=True):
            if start + i <= j and np.abs(thumbs[start + i] - thumbs[j]).mean() < THUMB_DIFFERENCE:
                yield names[start + i], names[j]


def _overlap(
    first: FaceRecord, first_image: ImageInfo, second: FaceRecord, second_image: ImageInfo
) -> float:
    """Intersection over union of the tight boxes, each in units of its image."""
    boxes = [
        tight_box(record.labelled / [image.width, image.height])
        for record, image in ((first, first_image), (second, second_image))
    ]
    return max_iou(boxes[0], boxes[1:])
