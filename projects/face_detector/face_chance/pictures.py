"""Pictures with faces and without, in two halves: to fit on, and to judge the fit by."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np

from fanet_mmpose.errors import UserError
from fanet_mmpose.evaluation.robustness.backgrounds import skimage_pictures
from fanet_mmpose.evaluation.robustness.distortions import cover, cut, turn
from fanet_mmpose.evaluation.robustness.faces import chosen
from fanet_mmpose.geometry.boxes import tight_box
from fanet_mmpose.images import load_image

Picture = tuple[np.ndarray, list[np.ndarray]]  # uint8 [H, W, 3], and boxes [4] of its faces
FIT, HELD_OUT = 'fit', 'held out'
ALIKE = 12  # points less than this many are no tight box of a face
COVERED = (0.2, 0.5)  # share of a face under a patch
CUT = (0.0, 0.25)  # share of a face beyond the picture's border


@dataclass(frozen=True)
class Group:
    """Pictures of one kind.

    Attributes:
        name: of the kind.
        split: `FIT` or `HELD_OUT`.
        pictures: read while they are gone through.
    """

    name: str
    split: str
    pictures: Iterable[Picture]


def face_groups(data: Path, seed: int, every: int = 1) -> list[Group]:
    """All groups with faces.

    Args:
        data: folder of `300w`, `ytf68` and `wild`.
        seed: of angles and patches.
        every: of the faces of each group, only every so many.

    Raises:
        UserError: an annotation file is missing.
    """
    w300, ytf, wild = (data / name / 'annotations' for name in ('300w', 'ytf68', 'wild'))

    def one(path: Path, part: slice, *ways: str) -> Iterator[Picture]:
        rng = np.random.default_rng((seed, part.start))
        for place, annotation in chosen(path, 10**9)[part][::every]:
            yield changed(load_image(place), annotation, ways, rng)

    own = {
        '300W train': one(w300 / 'train.json', slice(0, None, 25)),
        '300W train, covered': one(w300 / 'train.json', slice(1, None, 15), 'cover'),
        '300W train, any angle': one(w300 / 'train.json', slice(2, None, 25), 'turn'),
        '300W train, cut, any angle': one(w300 / 'train.json', slice(3, None, 30), 'cut', 'turn'),
        'YTF train': one(ytf / 'train.json', slice(0, None, 75)),
        'poses, even': one(wild / 'poses.json', slice(0, None, 20)),
        'LFW, even': one(wild / 'lfw.json', slice(0, None, 50)),
        'scenes, even': one(wild / 'scenes.json', slice(0, None, 8)),
    }
    held_out = {
        '300W val, any angle': one(w300 / 'val.json', slice(0, None, 2), 'turn'),
        '300W val, covered': one(w300 / 'val.json', slice(1, None, 2), 'cover'),
        'YTF val': one(ytf / 'val.json', slice(0, None, 12)),
        'poses, odd': one(wild / 'poses.json', slice(1, None, 16)),
        'LFW, turned heads, odd': one(wild / 'lfw.json', slice(1, None, 20)),
        'scenes, odd': one(wild / 'scenes.json', slice(1, None, 6)),
        'poses without a mark': islice(unmarked(wild / 'poses.json'), 0, None, every),
    }
    return [
        *(Group(name, FIT, pictures) for name, pictures in own.items()),
        *(Group(name, HELD_OUT, pictures) for name, pictures in held_out.items()),
    ]


def changed(
    image: np.ndarray, annotation: dict, ways: Sequence[str], rng: np.random.Generator
) -> Picture:
    """A picture after `ways`, in their order, and the tight box of its face."""
    points = np.reshape(annotation.get('keypoints', ()), (-1, 3))[:, :2].astype(float)
    if len(points) < ALIKE:  # a few points, or none: the box says where the face is
        x, y, width, height = annotation['bbox']
        points = np.array([[x, y], [x + width, y + height]], float)
    for way in ways:
        if way == 'turn':
            image, points = turn(image, points, rng.uniform(0, 360), rng)
        elif way == 'cut':
            image, points = cut(image, points, rng.uniform(*CUT), rng)
        else:
            image, points = cover(image, points, rng.uniform(*COVERED), rng)
    return image, [tight_box(points)]


def unmarked(path: Path) -> Iterator[Picture]:
    """Pictures of which it is known that a face is in them, but not where: the whole picture."""
    content = json.loads(path.read_text(encoding='utf-8'))
    marked = {annotation['image_id'] for annotation in content['annotations']}
    for image in content['images']:
        if image['id'] not in marked:
            picture = load_image(path.parent.parent / image['file_name'])
            yield picture, [np.array([0, 0, *picture.shape[1::-1]], float)]


def empty_groups(data: Path, parts: Path) -> list[Group]:
    """Pictures without a face: scikit-image's and parts of scenes, every other for each half.

    Args:
        data: as of `face_groups`.
        parts: JSON list of [file in `wild`, left, top, side], px (`tools/find_empty_parts.py`).

    Raises:
        UserError: the file of parts is missing.
    """
    try:
        places = json.loads(parts.read_text(encoding='utf-8'))
    except (OSError, ValueError) as error:
        raise UserError(
            f'{parts}: is missing or no list of parts without a face: write it with '
            'projects/face_detector/tools/find_empty_parts.py'
        ) from error

    def half(start: int) -> Iterator[Picture]:
        yield from ((picture, []) for picture in skimage_pictures()[start::2])
        for name, left, top, side in places[start::2]:
            image = load_image(data / 'wild' / name)
            yield image[top : top + side, left : left + side].copy(), []

    return [Group('empty', FIT, half(0)), Group('empty', HELD_OUT, half(1))]
