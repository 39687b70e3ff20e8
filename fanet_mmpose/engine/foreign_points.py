"""Whether the numbers of a COCO-style file mean what its dataset takes them for.

A file of another tool may have the right form and the points in another order, marks for points
that are not there, shares of the picture's size, boxes of another kind, or pictures that were made
smaller since. MMPose would train on it without a word. Faces are judged on an even sample.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from fanet_mmpose.coco_file import CONVERT, id_text
from fanet_mmpose.errors import UserError
from fanet_mmpose.orientation import stated_orientation
from fanet_mmpose.picture_size import read_size

FACES, PICTURES = 5000, 64
"""How many are looked at, at most."""

_SHARE = 1.5
"""Largest number in shares of a picture's size; points outside of it may pass 1."""

_ZEROS = 3
"""Visible points at (0, 0) from which they are marks; one may lie there."""

_STRANGE = 0.1
"""Share of faces whose boxes do not hold them from which boxes are of another kind."""

_SMALLEST = 0.05
"""Of the box's side, that a face's points must spread over."""


def check_meaning(content: Mapping[str, Any], names: Sequence[str], path: Path) -> None:
    """Look at the points of a file, each annotation of which has x, y, flag of every point.

    Args:
        content: of the file.
        names: of the dataset's points, in order.
        path: for messages.

    Raises:
        UserError: names in another order, marks, points far from their pictures, or shares.
    """
    used = {id_text(a.get('category_id', '')) for a in content['annotations']}
    for category in content.get('categories') or ():
        if id_text(category.get('id', '')) in used:
            _check_order([str(n) for n in category.get('keypoints') or ()], names, path)
    faces = list(_sample(content['annotations'], FACES))
    points = np.array([a['keypoints'] for a in faces], np.float64).reshape(len(faces), -1, 3)
    shown = points[..., 2] > 0
    xy = points[..., :2]
    minus, zero = (shown & (xy == mark).all(axis=2) for mark in (-1, 0))
    for marked, least, mark in ((minus, 1, -1), (zero, _ZEROS, 0)):
        if marked.sum() >= least:
            face = faces[int(marked.any(axis=1).argmax())]
            raise UserError(
                f'{path}: annotation {face["id"]} has a visible point at ({mark}, {mark}), which '
                f'marks an absent one: its flag should be 0; {CONVERT}'
            )
    _check_places(content, faces, np.where(shown[..., None], xy, 0), path)
    if shown.any() and np.abs(xy[shown]).max() <= _SHARE:
        raise UserError(
            f'{path}: all coordinates lie between 0 and 1, so that they seem to be shares of the '
            f"pictures' sizes; {CONVERT} --units shares"
        )


def check_boxes(content: Mapping[str, Any], path: Path) -> None:
    """Raise `UserError` where ``center`` and ``scale`` are no boxes of the faces, as MMPose reads
    them: ``scale`` is the longer side / 200, and the network sees 1.25 times the box."""
    faces = [a for a in _sample(content['annotations'], FACES) if any(a['keypoints'][2::3])]
    wrong = [a for a in faces if not _holds(a)]
    if len(wrong) > _STRANGE * len(faces):
        raise UserError(
            f'{path}: annotation {wrong[0]["id"]} and {len(wrong) - 1} others have a "center" and '
            f'"scale" whose box is not the face\'s (scale is its longer side / 200); {CONVERT}'
        )


def check_sizes(content: Mapping[str, Any], folder: Path, path: Path) -> None:
    """Raise `UserError` where a picture has not the width and height that its entry states."""
    for image in _sample(content['images'], PICTURES):
        stated = image.get('width'), image.get('height')
        if not all(isinstance(side, (int, float)) and side > 1 for side in stated):
            continue
        data = (folder / image['file_name']).read_bytes()
        size = read_size(data)
        if size is not None and stated_orientation(data) >= 5:
            size = size[::-1]
        if size is not None and max(abs(a - b) for a, b in zip(size, stated, strict=True)) > 1:
            raise UserError(
                f'{folder / image["file_name"]}: has {size[0]} x {size[1]} pixels, and {path} is '
                f'of a picture of {stated[0]:g} x {stated[1]:g}: give the pictures as they were '
                'annotated'
            )


def _sample(entries: Sequence[Any], most: int) -> Iterator[Any]:
    yield from entries[:: max(1, -(-len(entries) // most))]


def _check_places(
    content: Mapping[str, Any], faces: Sequence[Mapping[str, Any]], xy: np.ndarray, path: Path
) -> None:
    """Raise `UserError` for points [N, K, 2] that lie outside by their picture's longer side."""
    sides = {
        image['id']: max(image['width'], image['height'])
        for image in content['images']
        if all(isinstance(image.get(side), (int, float)) for side in ('width', 'height'))
    }
    longest = np.array([sides.get(face['image_id'], np.inf) for face in faces])[:, None, None]
    far = ((xy < -longest) | (xy > 2 * longest)).any(axis=(1, 2))
    if far.any():
        face = faces[int(far.argmax())]
        raise UserError(
            f'{path}: annotation {face["id"]} has a point far outside of its picture; {CONVERT}'
        )


def _plain(name: str) -> str:
    return re.sub(r'[\W_]+', '', name.casefold())


def _check_order(stated: Sequence[str], names: Sequence[str], path: Path) -> None:
    """Raise `UserError` unless names, or numbers, are in the dataset's order."""
    ours, theirs = list(map(_plain, names)), list(map(_plain, stated))
    if not theirs or theirs == ours:
        return
    numbered = all(name[-1:].isdecimal() for name in theirs)
    if set(theirs) & set(ours) or not (numbered or any(name[-1:].isdecimal() for name in ours)):
        pairs = enumerate(zip(theirs, ours, strict=False))
        i = next((i for i, (one, other) in pairs if one != other), -1)
        raise UserError(
            f'{path}: its category calls {len(theirs)} points, one of them {stated[i]!r}, where '
            f'the dataset has {len(ours)} and {names[i]!r}: the order may be another; {CONVERT}'
        )
    numbers = [int(re.findall(r'\d+$', name)[0]) for name in theirs] if numbered else []
    if numbers != sorted(numbers):
        raise UserError(f'{path}: the names of its points count in another order; {CONVERT}')


def _holds(face: Mapping[str, Any]) -> bool:
    """Whether a face's box holds half of its points, and is not far too large for them."""
    points = np.array(face['keypoints'], np.float64).reshape(-1, 3)
    xy = points[points[:, 2] > 0, :2]
    side = 200 * float(np.ravel(face['scale'])[0])
    inside = (np.abs(xy - np.ravel(face['center'])) <= 1.25 * side / 2).all(axis=1).mean()
    return bool(inside >= 0.5 and (len(xy) < 3 or np.ptp(xy, axis=0).max() >= _SMALLEST * side))
