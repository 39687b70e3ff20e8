"""Marks for "no point here": one rule for all formats.

On the numbers as the file has them, before anything is subtracted:

- an empty cell, ``nan`` and ``null`` for both coordinates;
- both coordinates -1, or both 0, whatever a flag says;
- what ``--missing`` names besides: a number that both coordinates then have (-999), or ``signs``:
  MERL-RAV's convention, where (-1, -1) is a point turned away and (-x, -y) a hidden one at (x, y).
  ``--missing none`` switches the rule off, but for empty cells.

Half a point, one coordinate without the other or -1 as one of both, is an error. So is a point
whose signs look like MERL-RAV's where nobody has said so: far from the face as it stands, and
within it without them; and a point whose coordinates are one number, at or before the first pixel
(-10, -10), of which nobody has said whether it is a mark. `placeholders` looks at all faces.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fanet_mmpose.datasets.converters.records import OCCLUDED, UNLABELLED
from fanet_mmpose.errors import UserError

USUAL = (-1.0, 0.0)
_WORDS_OF_NOTHING = {'', 'nan', 'null', 'none', 'na', 'n/a', '-', '#n/a', 'nil'}


@dataclass(frozen=True)
class Marks:
    """What marks an absent point.

    Attributes:
        values: what both of its coordinates are.
        signs: MERL-RAV's convention; None: nobody said, and numbers that look like it are refused.
    """

    values: tuple[float, ...] = USUAL
    signs: bool | None = None


def parse_marks(words: Sequence[str]) -> Marks:
    """The marks of ``--missing``.

    Raises:
        UserError: a word is neither a number nor ``signs`` or ``none``.
    """
    values = () if 'none' in words else USUAL
    for word in words:
        if word in ('none', 'signs'):
            continue
        try:
            values += (float(word),)
        except ValueError:
            raise UserError(f'--missing {word}: give a number, signs or none') from None
    return Marks(values, 'signs' in words if {'none', 'signs'} & set(words) else None)


def number_or_nothing(text: str) -> float:
    """A cell's number, NaN where it holds none. Raises `ValueError` for other text."""
    text = text.strip()
    return float('nan') if text.lower() in _WORDS_OF_NOTHING else float(text)


def without_marks(
    xy: np.ndarray, flags: np.ndarray, marks: Marks, base: float = 0.0
) -> tuple[np.ndarray, np.ndarray]:
    """Points [K, 2] and flags [K] with absent points unlabelled, at (0, 0).

    Args:
        xy, flags: as the file has them.
        marks: what marks an absent point.
        base: what the first pixel's centre is called.

    Raises:
        ValueError: half a point, an infinite one, or one that looks like a mark.
    """
    xy, flags = np.array(xy, np.float64), np.array(flags)
    nothing = np.isnan(xy)
    half = nothing.any(axis=1) & ~nothing.all(axis=1) & (flags > UNLABELLED)
    if half.any():
        raise ValueError(f'point {int(half.argmax())} has one coordinate without the other')
    absent = nothing.any(axis=1)
    for value in marks.values:
        absent |= (xy == value).all(axis=1)
    if marks.signs:
        absent |= (xy == -1).all(axis=1)
        hidden = (xy < 0).all(axis=1) & ~absent
        xy[hidden] = -xy[hidden]
        flags[hidden & (flags > UNLABELLED)] = OCCLUDED
    flags[absent] = UNLABELLED
    if marks.signs is None:
        _refuse_half(xy, flags)
        _refuse_signs(xy, flags)
        _refuse_corner(xy, flags, base)
    xy[flags == UNLABELLED] = 0
    if not np.isfinite(xy).all():
        raise ValueError(f'point {int((~np.isfinite(xy)).any(axis=1).argmax())} is not finite')
    return xy, flags


def _refuse_half(xy: np.ndarray, flags: np.ndarray) -> None:
    """Raise `ValueError` for a point with -1 as one of its coordinates: half of a mark."""
    half = (flags > UNLABELLED) & (xy == -1).any(axis=1)
    if half.any():
        i = int(half.argmax())
        x, y = xy[i]
        raise ValueError(
            f'point {i} is at ({x:g}, {y:g}), where -1 looks like half of a mark for no point: '
            'correct it, or say --missing none'
        )


def _refuse_signs(xy: np.ndarray, flags: np.ndarray) -> None:
    """Raise `ValueError` for a point (-x, -y) that is far from its face, and (x, y) within it."""
    labelled = flags > UNLABELLED
    minus = labelled & (xy < 0).all(axis=1)
    others = xy[labelled & ~minus]
    if len(others) < 2 or not minus.any():
        return
    low, high = others.min(axis=0), others.max(axis=0)
    size = (high - low).max()
    # A tenth of the face's size round its box, as the hidden point may be the outermost.
    inside = ((-xy >= low - size / 10) & (-xy <= high + size / 10)).all(axis=1)
    away = (xy < low - size / 2).any(axis=1)
    suspect = minus & inside & away
    if suspect.any():
        i = int(suspect.argmax())
        x, y = xy[i]
        raise ValueError(
            f'point {i} is at ({x:g}, {y:g}), and ({-x:g}, {-y:g}) lies in the face: where a minus '
            'marks a hidden point say --missing signs, else --missing none'
        )


def _refuse_corner(xy: np.ndarray, flags: np.ndarray, base: float) -> None:
    """Raise `ValueError` for a point with one number for x and y that is not inside the picture."""
    corner = (flags > UNLABELLED) & (xy[:, 0] == xy[:, 1]) & (xy[:, 0] <= base)
    if corner.any():
        i = int(corner.argmax())
        value = f'{xy[i, 0]:.9g}'
        raise ValueError(
            f'point {i} is at ({value}, {value}): where that marks an absent point say --missing '
            f'{value}, else --missing none'
        )
