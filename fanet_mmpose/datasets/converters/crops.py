"""A crop cache: each face stored once near training size, so that no epoch decodes photographs.

The crop of a face is the part of its image within `COVERED` times the longer side of its box,
cut at the image's border and shrunk, never enlarged, so that the network's view of an unjittered
face (the box times `PADDING`) has the training size. Crops outside of which augmentation looks
are black there, which happens beyond a scale of 1.76 without rotation, 1.24 at 45 degrees.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path, PurePosixPath
from typing import Any

import cv2
import numpy as np
from tqdm import tqdm

from fanet_mmpose.datasets.converters.writer import PIXEL_STD
from fanet_mmpose.errors import UserError
from fanet_mmpose.files import continuable, write_bytes, write_json
from fanet_mmpose.geometry.crop import PADDING, CropMap
from fanet_mmpose.images import load_image

COVERED = 2.2
"""Side of the crop in units of the box's longer side."""

_JPEG_QUALITY = 95
_BOX_FIELDS = ('bbox', 'bbox_points', 'bbox_rect')


def plan_crop(image_size: tuple[int, int], center: np.ndarray, side: float, size: int) -> CropMap:
    """The crop of a face.

    Args:
        image_size: width and height of the photograph.
        center: [2] centre of the face's box.
        side: its longer side in pixels.
        size: the network's input side.
    """
    last = np.array(image_size) - 1
    low = np.floor(center - COVERED * side / 2).astype(int).clip(0, last)
    high = np.ceil(center + COVERED * side / 2).astype(int).clip(low, last)
    extent = high - low + 1
    scale = min(1.0, size / (PADDING * side))
    target = np.maximum(1, np.round(extent * scale)).astype(int)
    return CropMap(*map(int, (*low, *extent, *target)))


def crop_annotation(annotation: Mapping[str, Any], crop: CropMap) -> dict[str, Any]:
    """The annotation in the crop's pixels; every coordinate field of `writer` is mapped.

    ``crop_map`` keeps the fields of `CropMap` for the way back.
    """
    mapped = dict(annotation)
    factor = crop.scale
    keypoints = np.array(annotation['keypoints'], dtype=np.float64).reshape(-1, 3)
    labelled = keypoints[:, 2] > 0
    keypoints[labelled, :2] = crop.apply(keypoints[labelled, :2])
    mapped['keypoints'] = keypoints.ravel().tolist()
    for name in _BOX_FIELDS:
        if name in annotation:
            corner, size = np.split(np.array(annotation[name], dtype=np.float64), 2)
            mapped[name] = [*crop.apply(corner).tolist(), *(size * factor).tolist()]
    mapped['center'] = crop.apply(np.array(annotation['center'])).tolist()
    mapped['area'] = annotation['area'] * float(factor.prod())
    for name in ('scale', 'box_size'):
        if name in annotation:
            mapped[name] = annotation[name] * float(np.sqrt(factor.prod()))
    mapped['crop_map'] = asdict(crop)
    return mapped


def build_crops(root: Path, size: int, target: Path | None = None) -> Path:
    """Store a crop of every face; crops that exist are kept, so a second run continues.

    Args:
        root: a data set with ``annotations/{train,val,test}.json``, file names relative to it.
        size: the network's input side in pixels.
        target: where to write; by default ``root/crops_SIZE``.

    Returns:
        The folder written, a data set of the same layout.

    Raises:
        UserError: there is nothing to crop, or an image cannot be read, or the run was interrupted.
    """
    files = [root / 'annotations' / f'{fold}.json' for fold in ('train', 'val', 'test')]
    files = [path for path in files if path.is_file()]
    if not files:
        raise UserError(f'{root}: no annotations/train.json, val.json or test.json to crop from')
    target = target or root / f'crops_{size}'
    with continuable(target):
        for path in files:
            coco = json.loads(path.read_text(encoding='utf-8'))
            cropped = _crop_file(root, target, coco, size, path)
            write_json(target / 'annotations' / path.name, cropped)
    return target


def _crop_file(
    root: Path, target: Path, coco: Mapping[str, Any], size: int, path: Path
) -> dict[str, Any]:
    images = {image['id']: image for image in coco['images']}

    def crop(annotation: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        return _crop_one(root, target, images[annotation['image_id']], annotation, size)

    with ThreadPoolExecutor() as pool:
        pairs = _with_progress(pool.map(crop, coco['annotations']), coco, f'crop {path.stem}')
    return {
        **coco,
        'images': [image for image, _ in pairs],
        'annotations': [annotation for _, annotation in pairs],
    }


def _with_progress(results: Iterable[Any], coco: Mapping[str, Any], label: str) -> list[Any]:
    total = len(coco['annotations'])
    return list(tqdm(results, desc=label, unit='face', total=total, disable=None))


def _crop_one(
    root: Path, target: Path, image: Mapping[str, Any], annotation: Mapping[str, Any], size: int
) -> tuple[dict[str, Any], dict[str, Any]]:
    """COCO entries of the crop's image and annotation; an image per face."""
    center = np.array(annotation['center'], dtype=np.float64)
    image_size = (image['width'], image['height'])
    crop = plan_crop(image_size, center, annotation['scale'] * PIXEL_STD, size)
    name = PurePosixPath(image['file_name'])
    name = name.with_name(f'{name.stem}_{annotation["id"]}.jpg')
    if not (target / name).is_file():
        _write_crop(root / image['file_name'], target / name, crop)
    entry = {
        'id': annotation['id'],
        'file_name': str(name),
        'width': crop.target_width,
        'height': crop.target_height,
        'source_file_name': image['file_name'],
        'source_width': image['width'],
        'source_height': image['height'],
    }
    return entry, {**crop_annotation(annotation, crop), 'image_id': annotation['id']}


def _write_crop(photograph: Path, target: Path, crop: CropMap) -> None:
    image = load_image(photograph)
    quality = [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY]
    write_bytes(target, cv2.imencode('.jpg', crop.cut(image), quality)[1].tobytes())
