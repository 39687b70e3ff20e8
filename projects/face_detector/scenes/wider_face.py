"""Scenes on disk as mmdet's `WIDERFaceDataset` reads them."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ElementTree
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from rich.progress import track

from fanet_mmpose.errors import UserError
from fanet_mmpose.files import continuable, write_bytes, write_json, write_text
from projects.face_detector.scenes.face_sources import MixedFaces
from projects.face_detector.scenes.scene import Scene, make_scene

SPLITS = ('train', 'val')
SETTINGS = 'scenes.json'
IMAGES = 'images'
QUALITY = 92


def annotation_xml(name: str, scene: Scene) -> bytes:
    """One scene's boxes in PASCAL VOC's XML, whole pixels, `name` without suffix."""
    height, width = scene.image.shape[:2]
    root = ElementTree.Element('annotation')
    _text(root, 'folder', IMAGES)
    _text(root, 'filename', f'{name}.jpg')
    size = ElementTree.SubElement(root, 'size')
    for field, value in (('width', width), ('height', height), ('depth', 3)):
        _text(size, field, value)
    for box in np.round(scene.boxes).astype(int):
        face = ElementTree.SubElement(root, 'object')
        _text(face, 'name', 'face')
        _text(face, 'difficult', 0)
        bounds = ElementTree.SubElement(face, 'bndbox')
        for field, value in zip(('xmin', 'ymin', 'xmax', 'ymax'), box, strict=True):
            _text(bounds, field, value)
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding='utf-8')


def _text(parent: ElementTree.Element, field: str, value: object) -> None:
    ElementTree.SubElement(parent, field).text = str(value)


def check_settings(out: Path, settings: Mapping[str, Any]) -> None:
    """Note how the scenes of a folder are made, so that a later run continues with the same.

    Raises:
        UserError: the folder has scenes that were made otherwise, or cannot be written to.
    """
    path = out / SETTINGS
    if path.is_file():
        try:
            known = json.loads(path.read_text(encoding='utf-8'))
        except ValueError as error:
            raise UserError(f'{path}: is no JSON: remove {out} and start again') from error
        differs = [name for name in settings if known.get(name) != settings[name]]
        if differs:
            raise UserError(
                f'{out}: has scenes made with another {differs[0]} '
                f'({known.get(differs[0])}): give another folder, or remove it'
            )
    write_json(path, dict(settings), indent=1)


def write_split(out: Path, split: str, faces: MixedFaces, count: int, seed: int, size: int) -> int:
    """Make the scenes of a split that are not there yet, and its list ``out/SPLIT.txt``.

    Args:
        out: folder; gets ``WIDER_SPLIT/images`` and ``WIDER_SPLIT/Annotations``.
        split: of `SPLITS`.
        faces: of this split alone.
        count: scenes in all.
        seed: not negative.
        size: width and height, px.

    Returns:
        How many were made now.

    Raises:
        UserError: interrupted, disk full, or a picture cannot be read.
    """
    folder, made = out / f'WIDER_{split}', 0
    names = [f'{number:06d}' for number in range(count)]
    with continuable(out):
        for number, name in enumerate(track(names, description=split)):
            label = folder / 'Annotations' / f'{name}.xml'
            if label.is_file():  # written last, so the picture is there
                continue
            scene = make_scene(faces, (seed, SPLITS.index(split), number), size)
            coded = cv2.imencode('.jpg', scene.image, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])[1]
            write_bytes(folder / IMAGES / f'{name}.jpg', coded.tobytes())
            write_bytes(label, annotation_xml(name, scene))
            made += 1
        write_text(out / f'{split}.txt', ''.join(f'{name}\n' for name in names))
    return made
