"""The same face in two splits, or its mirror image: by perceptual hash, then by thumbnails."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import product

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
    for mirrored in (False, True):
        for first, second in similar_images(images, mirrored):
            for i, j in product(by_image[first], by_image[second]):
                earlier, later = sorted((i, j), key=lambda k: _ORDER.index(records[k].fold))
                if records[earlier].fold == records[later].fold:
                    continue
                boxes = _box(records[i], images[first]), _box(records[j], images[second])
                if mirrored:
                    boxes = boxes[0][[2, 1, 0, 3]] * [-1, 1, -1, 1] + [1, 0, 1, 0], boxes[1]
                if max_iou(boxes[0], [boxes[1]]) > SAME_FACE:
                    repeated[earlier] = later
    return repeated


def similar_images(
    images: Mapping[str, ImageInfo], mirrored: bool = False
) -> Iterator[tuple[str, str]]:
    """Pairs of names of images that look the same, each image with itself included.

    Args:
        images: by name.
        mirrored: the first looks like the second in a mirror.
    """
    names = list(images)
    if not names:
        return
    hashes = np.stack([images[name].perceptual_hash for name in names])
    signs = np.where(hashes, 1, -1).astype(np.float32)
    thumbs = np.stack([images[name].thumb for name in names]).astype(np.float32)
    others, seen = signs, thumbs
    if mirrored:
        turned = [replace(images[name], thumb=images[name].thumb[:, ::-1]) for name in names]
        others = np.where([image.perceptual_hash for image in turned], 1, -1).astype(np.float32)
        seen = thumbs[:, :, ::-1]
    for start in range(0, len(names), _BATCH):
        # Of 64 signs, a product of 64 - 2d means d differing bits.
        close = signs[start : start + _BATCH] @ others.T >= 64 - 2 * HASH_DISTANCE
        for i, j in zip(*np.nonzero(close), strict=True):
            if start + i <= j and np.abs(thumbs[start + i] - seen[j]).mean() < THUMB_DIFFERENCE:
                yield names[start + i], names[j]


def _box(record: FaceRecord, image: ImageInfo) -> np.ndarray:
    """[4] the tight box of the points, in units of the image."""
    return tight_box(record.labelled / [image.width, image.height])
