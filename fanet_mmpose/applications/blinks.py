"""Blinks: when an eye's openness falls below half of what is usual for that face."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from fanet_mmpose.errors import UserError

if TYPE_CHECKING:  # faces come from a room above
    from fanet_mmpose.inference.face_landmarks import FaceLandmarks

HALF = 0.5  # share of the usual openness at which a blink begins and ends
USUAL = 75.0  # percentile of the openness around a moment that is usual then
AROUND = 2.0  # seconds before and after it
GAP = 0.25  # seconds without a face after which nothing is known of what went on
LEAST_USUAL = 0.2  # eyes that are usually less open than this cannot be seen to blink


@dataclass(frozen=True)
class Blink:
    """One closing of the eyes.

    Attributes:
        start: seconds, when the openness fell through half of the usual one.
        end: seconds, when it rose through it again.
        lowest: seconds, of the frame with the least openness.
        depth: 1 - least openness / usual openness; 1 is shut.
    """

    start: float
    end: float
    lowest: float
    depth: float

    def to_dict(self, digits: int = 3) -> dict[str, float]:
        """Plain numbers."""
        return {name: round(value, digits) for name, value in asdict(self).items()}


def find_blinks(times: Sequence[float], values: Sequence[float]) -> list[Blink]:
    """Blinks of one face, in order.

    A closing that has not begun or not ended where the face comes or goes is left out. Crossings
    are interpolated between frames. Closings of any length count: the caller knows whether one of
    two seconds is a blink.

    Args:
        times: [N] seconds, rising.
        values: [N] openness, see `Openness`; NaN where it is not known.

    Raises:
        UserError: lengths differ, or times do not rise.
    """
    times, values = np.asarray(times, float), np.asarray(values, float)
    if times.shape != values.shape or times.ndim != 1 or (np.diff(times) <= 0).any():
        raise UserError('blinks: give one openness for each time, and times that rise')
    known = np.isfinite(values)
    times, values = times[known], values[known]
    breaks = np.flatnonzero(np.diff(times) > GAP) + 1
    parts = zip(np.split(times, breaks), np.split(values, breaks), strict=True)
    return [blink for part in parts for blink in _of_part(*part)]


def usual_openness(times: np.ndarray, values: np.ndarray) -> np.ndarray:
    """The `USUAL` percentile of values [N] within `AROUND` seconds of each time [N]."""
    first = np.searchsorted(times, times - AROUND)
    last = np.searchsorted(times, times + AROUND, side='right')
    spans = zip(first, last, strict=True)
    return np.array([np.percentile(values[start:end], USUAL) for start, end in spans])


def _of_part(times: np.ndarray, values: np.ndarray) -> list[Blink]:
    if len(times) < 3:
        return []
    usual = usual_openness(times, values)
    share = np.where(usual < LEAST_USUAL, 1.0, values / np.maximum(usual, LEAST_USUAL))
    shut = np.concatenate([[False], share < HALF, [False]])
    begins, ends = (np.flatnonzero(np.diff(shut.astype(int)) == sign) for sign in (1, -1))
    return [
        _blink(times, share, begin, end)
        for begin, end in zip(begins, ends, strict=True)
        if begin > 0 and end < len(times)
    ]


def _blink(times: np.ndarray, share: np.ndarray, begin: int, end: int) -> Blink:
    """Of frames `begin` to `end` - 1, which are below `HALF`."""
    lowest = begin + int(np.argmin(share[begin:end]))
    start, stop = (_crossing(times, share, index) for index in (begin, end))
    return Blink(start, stop, float(times[lowest]), float(1 - share[lowest]))


def _crossing(times: np.ndarray, share: np.ndarray, index: int) -> float:
    """When the share goes through `HALF` between frames `index` - 1 and `index`."""
    before, after = share[index - 1], share[index]
    part = (HALF - before) / (after - before)
    return float(times[index - 1] + part * (times[index] - times[index - 1]))


def _eyes(face: FaceLandmarks) -> float:
    """Openness of both eyes, which may have been measured before; NaN if too hidden."""
    if face.measured and 'eyes' in face.measured.names:
        return face.measured.eyes.mean.value if face.measured.eyes else float('nan')
    try:
        return face.eyes.mean.value
    except UserError:
        return float('nan')


class BlinkLog:
    """Openness of the eyes of every face that is followed through a video."""

    def __init__(self) -> None:
        self._series: dict[int, tuple[list[float], list[float]]] = {}

    def add(self, time: float, faces: Iterable[FaceLandmarks]) -> None:
        """The faces of the frame at `time` seconds; those too hidden for their eyes are unknown."""
        for face in faces:
            value = _eyes(face)
            times, values = self._series.setdefault(face.track_id or 0, ([], []))
            times.append(time)
            values.append(value)

    def blinks(self) -> list[dict[str, Any]]:
        """``track_id`` and the fields of `Blink`, by start."""
        found = [
            {'track_id': track, **blink.to_dict()}
            for track, series in self._series.items()
            for blink in find_blinks(*series)
        ]
        return sorted(found, key=lambda blink: (blink['start'], blink['track_id']))
