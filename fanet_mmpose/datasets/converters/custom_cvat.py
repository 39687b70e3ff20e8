"""CVAT 1.1, for images and for video.

A face is a ``skeleton``, one ``points`` shape with all K points in order, or several ``points``
shapes of one point each, called by their labels and joined by ``group_id``. In a video's file they
stand in tracks, frame by frame; its frames lie beside it as ``frame_000000.png`` (or ``.jpg``).
``group_id`` joins a ``box`` to its face. CVAT's origin is the corner of the first pixel. The
``subset`` of an image, where the export has it, is its split. Frames of one video stay on one side
of a random split.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import numpy as np

from fanet_mmpose.datasets.converters.custom_common import load_xml, stated_size
from fanet_mmpose.datasets.converters.custom_face import RawFace, RawRows
from fanet_mmpose.datasets.converters.records import OCCLUDED, UNLABELLED, VISIBLE, try_row
from fanet_mmpose.datasets.converters.source import Source
from fanet_mmpose.errors import UserError
from fanet_mmpose.geometry.schemas import PointSchema

_CORNERS = ('xtl', 'ytl', 'xbr', 'ybr')


@dataclass
class Picture:
    """An image of the file, or a frame of its video: its shapes by kind."""

    name: str
    where: str
    subset: str = ''
    tag: str = ''
    video: str = ''
    size: tuple[int, int] | None = None
    shapes: dict[str, list[Element]] = field(default_factory=lambda: defaultdict(list))

    def add(self, shape: Element, label: str = '', group: str | None = None) -> None:
        """Take a shape; label and group are those of its track, where it is in one."""
        if label:
            shape.set('label', shape.get('label', label))
        if group is not None:
            shape.set('group_id', shape.get('group_id', group))
        self.shapes[shape.tag].append(shape)


def is_cvat(source: Source, path: Path, content: Any) -> bool:
    """Whether an XML file's root is CVAT's."""
    return content.tag == 'annotations'


def read_cvat(source: Source, schema: PointSchema) -> RawRows:
    """Faces of every CVAT file."""
    for path in source.find('*.xml'):
        root = load_xml(source, path)
        if not is_cvat(source, path, root):
            continue
        frames = _frames(root, source.relative(path))
        _refuse_frames_from_1(source, path, root, frames)
        for picture in (*_images(root), *frames):
            where = f'{source.relative(path)}:{picture.where}'
            for i, shapes in enumerate(_faces(picture, schema.num_points), start=1):
                parse = partial(_parse, path, f'{where}, face {i}', picture, shapes, schema)
                yield try_row(f'{where}, face {i}', picture.name, parse)


def _images(root: Element) -> Iterator[Picture]:
    for image in root.iter('image'):
        name = image.get('name', '')
        size = stated_size(image.get('width'), image.get('height'))
        where = f'image {image.get("id")}'
        picture = Picture(name, where, image.get('subset', ''), size=size)
        for shape in image:
            picture.add(shape)
        picture.tag = ' '.join(tag.get('label', '') for tag in picture.shapes['tag'])
        yield picture


def _frames(root: Element, video: str) -> list[Picture]:
    """Frames of a video's tracks, in order; a shape that is outside of the picture is not there."""
    frames: dict[int, Picture] = {}
    sides = [root.findtext(f'.//original_size/{side}') for side in ('width', 'height')]
    size = stated_size(*sides)
    for track in root.iter('track'):
        for shape in track:
            if shape.get('outside') == '1' and shape.tag != 'skeleton':
                continue
            number = int(shape.get('frame', '-1'))
            if number not in frames:
                name, where = f'frame_{number:06d}', f'frame {number}'
                frames[number] = Picture(name, where, video=video, size=size)
            shape.set('track', track.get('id', ''))
            frames[number].add(shape, track.get('label', ''), track.get('group_id'))
    return [frames[number] for number in sorted(frames)]


def _refuse_frames_from_1(
    source: Source, path: Path, root: Element, frames: Sequence[Picture]
) -> None:
    """Raise `UserError` where the pictures of a video's frames are numbered one too far.

    CVAT counts from 0, FFmpeg from 1: then there is no picture 0, but one after the last frame,
    or one of frame 1 where frame 0 is annotated.
    """
    if not frames or _has_frame(source, path, 0):
        return
    size = root.findtext('.//task/size') or root.findtext('.//job/size') or ''
    after = (
        int(size) if size.strip().isdecimal() else 1 if frames[0].name.endswith('_000000') else 0
    )
    if after and _has_frame(source, path, after):
        raise UserError(
            f'{path}: its pictures frame_000001 and on seem to be counted from 1, and CVAT counts '
            'frames from 0: rename them (ffmpeg -start_number 0 names them so)'
        )


def _has_frame(source: Source, path: Path, number: int) -> bool:
    try:
        return source.image(f'frame_{number:06d}', path) is not None
    except ValueError:
        return False


def _faces(picture: Picture, count: int) -> Iterator[list[Element]]:
    """Shapes of each face: a skeleton, a shape of all points, or shapes of one point each."""
    yield from ([skeleton] for skeleton in picture.shapes['skeleton'])
    single: dict[str, list[Element]] = defaultdict(list)
    for shape in picture.shapes['points']:
        if count > 1 and ';' not in shape.get('points', ''):
            single[shape.get('group_id') or ''].append(shape)
        else:
            yield [shape]
    yield from single.values()


def _parse(
    path: Path, where: str, picture: Picture, shapes: Sequence[Element], schema: PointSchema
) -> RawFace:
    face = shapes[0]
    whole = face.tag == 'points' and len(shapes) == 1 and ';' in face.get('points', '')
    parts = list(face.iter('points')) if face.tag == 'skeleton' else list(shapes)
    if whole:
        numbers = np.array(face.get('points', '').replace(';', ',').split(','), dtype=np.float64)
        if numbers.size % 2:
            raise ValueError(f'{numbers.size / 2:g} points in one shape')
        xy = numbers.reshape(-1, 2)
        flags = np.full(len(xy), OCCLUDED if face.get('occluded') == '1' else VISIBLE)
    else:
        xy = np.array([_xy(part) for part in parts]).reshape(-1, 2)
        flags = np.array([_flag(part) for part in parts], dtype=np.int64)
    rect = _rect(picture, face)
    absent = face.get('outside') == '1' or (not flags.any() and rect is None)
    return RawFace(
        path=path,
        where=where,
        image=picture.name,
        xy=xy,
        flags=flags,
        labels=None if whole else tuple(part.get('label', '') for part in parts),
        fields={'split': picture.subset, 'tag': picture.tag, **_attributes(face)},
        video=picture.video,
        rect=rect,
        category=face.get('label', '') if whole or face.tag == 'skeleton' else '',
        no_face='none of its points is inside the picture' if absent else '',
        size=picture.size,
    )


def _attributes(face: Element) -> dict[str, str]:
    return {entry.get('name', ''): entry.text or '' for entry in face.findall('attribute')}


def _flag(point: Element) -> int:
    if point.get('outside') == '1':
        return UNLABELLED
    return OCCLUDED if point.get('occluded') == '1' else VISIBLE


def _xy(point: Element) -> tuple[float, float]:
    numbers = point.get('points', '').split(',')
    if len(numbers) != 2:
        raise ValueError(
            f'{len(numbers) / 2:g} points where 1 is expected, labelled {point.get("label", "")!r}'
        )
    return float(numbers[0]), float(numbers[1])


def _rect(picture: Picture, face: Element) -> np.ndarray | None:
    group = face.get('group_id')
    for box in picture.shapes['box']:
        if group is not None and box.get('group_id') == group:
            return np.array([box.get(side, 'nan') for side in _CORNERS], dtype=np.float64)
    return None
