"""Drawn faces, and pictures of things, for models that learnt from no photograph of a person."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import cv2
import numpy as np

from fanet_mmpose.evaluation.robustness.backgrounds import SIDES, skimage_pictures
from fanet_mmpose.evaluation.robustness.distortions import cover, cut, turn
from fanet_mmpose.geometry.boxes import tight_box
from fanet_mmpose.synthetic.backdrop import draw_backdrop
from fanet_mmpose.synthetic.photo_backdrop import photo_backdrop
from fanet_mmpose.synthetic.renderer import render_face
from fanet_mmpose.synthetic.variety import Variety
from projects.face_detector.face_chance.pictures import (
    COVERED,
    CUT,
    FIT,
    HELD_OUT,
    Group,
    Picture,
)

PEOPLE = Variety(human=0.85, photo=0.6)  # as fanet_lite_free learnt from, of other seeds
SIZE, SCENE = 224, 480  # px of a drawn face's picture, and of one with a small face
SMALL = (60, 200)  # px of a small face's picture; the face has half of it
SEEDS = {FIT: 91, HELD_OUT: 92}
GROUPS: dict[str, tuple[int, tuple[str, ...]]] = {  # pictures, and what happens to them
    'drawn people': (40, ()),
    'drawn people, covered': (30, ('cover',)),
    'drawn people, any angle': (30, ('turn',)),
    'drawn people, cut, any angle': (20, ('cut', 'turn')),
    'drawn people, small': (30, ('shrink',)),
}
PARTS, BACKDROPS = 3, 60  # parts of each photograph, drawn backgrounds, of each half


def drawn_groups(every: int = 1) -> list[Group]:
    """All groups, with faces and without, to fit on and held out.

    Args:
        every: of the pictures of each group, only every so many.
    """
    return [
        *(Group('things', split, _things(split, every)) for split in SEEDS),
        *(
            Group(name, split, _people((seed, index), number, ways, every))
            for split, seed in SEEDS.items()
            for index, (name, (number, ways)) in enumerate(GROUPS.items())
        ),
    ]


def _people(
    seed: tuple[int, int], number: int, ways: Sequence[str], every: int
) -> Iterator[Picture]:
    for index in range(0, number, every):
        rng = np.random.default_rng((*seed, index, 1))
        face = render_face((*seed, index), SIZE, PEOPLE)
        image, points = face.image, face.points.to_schema('300w68')[0]
        for way in ways:
            image, points = _changed(image, points, way, rng)
        yield image, [tight_box(points)]


def _changed(
    image: np.ndarray, points: np.ndarray, way: str, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    if way == 'turn':
        return turn(image, points, rng.uniform(0, 360), rng)
    if way == 'cut':
        return cut(image, points, rng.uniform(*CUT), rng)
    if way == 'cover':
        return cover(image, points, rng.uniform(*COVERED), rng)
    side = int(rng.integers(*SMALL))
    scene, (x, y) = _backdrop(rng, SCENE), rng.integers(SCENE - side, size=2)
    small = cv2.resize(image, (side, side), interpolation=cv2.INTER_AREA)
    scene[y : y + side, x : x + side] = small
    return scene, (points + 0.5) * side / SIZE - 0.5 + (x, y)


def _things(split: str, every: int) -> Iterator[Picture]:
    """Photographs of things, parts of them, and backgrounds, of one half."""
    rng = np.random.default_rng(SEEDS[split])
    for picture in skimage_pictures()[list(SEEDS).index(split) :: 2 * every]:
        yield picture, []
        for _ in range(PARTS):
            side = min(int(rng.integers(*SIDES)), *picture.shape[:2])
            top, left = (int(rng.integers(n - side + 1)) for n in picture.shape[:2])
            yield picture[top : top + side, left : left + side].copy(), []
    for _ in range(0, BACKDROPS, every):
        yield _backdrop(rng, SIZE), []


def _backdrop(rng: np.random.Generator, size: int) -> np.ndarray:
    """A drawn background, or one cut from photographs of things, uint8 [size, size, 3]."""
    linear = (photo_backdrop if rng.random() < PEOPLE.photo else draw_backdrop)(rng, size)
    return np.rint(255 * np.sqrt(np.clip(linear, 0, 1))).astype(np.uint8)
