"""What every reader yields: one annotated face, or the reason why a row cannot be used.

Coordinates are pixels of the source image, 0-based, pixel centres at integers. Boxes are
``x1 y1 x2 y2`` inside the converters and COCO's ``x y w h`` in the files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import numpy as np

from fanet_mmpose.datasets.converters.source import Source
from fanet_mmpose.geometry.schemas import PointSchema

UNLABELLED, OCCLUDED, VISIBLE = 0, 1, 2
LEFT_OUT = 'left out'
"""Action for what is no face at all, such as a crowd; it does not count as a bad row."""


@dataclass(frozen=True)
class FaceRecord:
    """One annotated face.

    Attributes:
        name: path of the image below the image folder of the output, with ``/``.
        image: the file to take it from.
        points: [K, 2] pixels, 0-based.
        visibility: [K] COCO's flags: 0 not labelled, 1 labelled but occluded, 2 visible. 2 where
            the release says nothing about visibility.
        split: the official split: ``train``, ``val``, ``test``, ``private``, or ``''`` if none.
        where: file and line (or row) of the annotation, for messages.
        rect: [4] the rectangle that the release ships for this face, or None.
        attributes: what else the release says; goes into the annotation under these names.
        person: who it is, where that is known.
        photo: photographs with the same value stay on one side of a random split, and so do the
            frames of one video.
        shares: whether points and rectangle are shares of the picture's size still.
        stated_size: width and height that the annotation says its picture has.
        fold: the split that training uses; set by `splits.assign_folds`.
    """

    name: str
    image: Path
    points: np.ndarray
    visibility: np.ndarray
    split: str
    where: str
    rect: np.ndarray | None = None
    attributes: Mapping[str, int | float | str] = field(default_factory=dict)
    photo: str = ''
    person: str = ''
    fold: str = ''
    shares: bool = False
    stated_size: tuple[int, int] | None = None

    @property
    def labelled(self) -> np.ndarray:
        """[L, 2] the points that carry a label."""
        return self.points[self.visibility > UNLABELLED]

    @property
    def group(self) -> str:
        """What a random split must not separate: the person if known, else the photograph."""
        return self.person or self.photo or self.name


@dataclass(frozen=True)
class BadRow:
    """A row that cannot be used as it stands, for ``quarantine.csv``."""

    where: str
    image: str
    reason: str
    action: str = 'face dropped'

    @property
    def counts(self) -> bool:
        """Whether it counts as a bad row."""
        return self.action != LEFT_OUT


Rows = Iterator[FaceRecord | BadRow]
Reader = Callable[[Source, PointSchema], Rows]
Face = TypeVar('Face')


def try_row(where: str, image: str, parse: Callable[[], Face]) -> Face | BadRow:
    """The parsed face, or what was wrong with the row as a `BadRow`."""
    try:
        return parse()
    except (ValueError, ArithmeticError) as error:
        return BadRow(where, image, str(error))
    except (KeyError, TypeError, AttributeError) as error:
        return BadRow(where, image, f'a field is missing or of the wrong type ({error})')


def all_visible(points: np.ndarray) -> np.ndarray:
    """[K] flags for a release that says nothing about visibility."""
    return np.full(len(points), VISIBLE)


def as_points(numbers: list[str] | np.ndarray, count: int) -> np.ndarray:
    """[count, 2] from a flat ``x y x y ...`` list.

    Raises:
        ValueError: the count differs or something is not a number.
    """
    values = np.asarray(numbers, dtype=np.float64)
    if values.size != 2 * count:
        raise ValueError(f'{values.size / 2:g} points where {count} are expected')
    return values.reshape(count, 2)
