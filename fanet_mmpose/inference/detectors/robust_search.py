"""Every face, at any angle and size: cheap looks first, more of them only while unsure.

1. `near`: the short-range network on the whole picture; where no face is sure, once more with room
   round it, since a face that fills the picture lacks its surroundings.
2. Each face that leans or is unsure is looked at alone, see `blaze_settle`; also those of 3 and 4.
   Small ones wait for the first look of 3, which may be sure of them.
3. `far`: the full-range network on the whole picture, then on more and more of its pixels while
   what was found is small, or nothing was.
4. `turned`: the short-range network on the picture turned by quarters and eighths, if nothing was
   found.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from fanet_mmpose.inference.detectors.blaze_faces import look_at
from fanet_mmpose.inference.detectors.blaze_network import BlazeNetwork
from fanet_mmpose.inference.detectors.blaze_settle import Progress, SettleLimits, Settler, one_each
from fanet_mmpose.inference.detectors.detector import Detections, register_detector
from fanet_mmpose.inference.detectors.panorama import windows
from fanet_mmpose.inference.detectors.views import (
    STRIDE,
    Box,
    Pyramid,
    part_boxes,
    square_view,
    upright_view,
)

QUARTERS = (90.0, 180.0, 270.0)
EIGHTHS = (45.0, 135.0, 225.0, 315.0)
# Degrees of roll up to which the full-range network's is good; it makes larger ones too small.
UPRIGHT = 30.0
SMALL_LOOK = 0.75  # share of the pixels from which a look at more of them adds nothing


@dataclass(frozen=True)
class SearchLimits:
    """When is searched on, and what is a face.

    Attributes:
        settle: which faces are looked at alone.
        min_score: faces below it are none; low, since the landmarks are asked next.
        room: share of a look that the picture takes where it gets room: with room or turned.
        room_side: side of those looks, px; the picture has as many pixels in them as in a look of
            128 px of which it takes 0.6, without the black border, which costs as much.
        far_sides: longer sides of the looks at more pixels, px.
        near_enough: faces of this share of the picture's longer side end the search for far ones;
            divided by how much more the next look shows.
        turn: whether the picture is turned where nothing was found.
        thorough: whether every look is taken, whatever the ones before it found.
        smallest: side of a face in the picture, px; a few dots enlarged have looked like one.
    """

    settle: SettleLimits = field(default_factory=SettleLimits)
    min_score: float = 0.2
    room: float = 0.8
    room_side: int = 96
    far_sides: tuple[int, ...] = (480, 960)
    near_enough: float = 0.25
    turn: bool = True
    thorough: bool = False
    smallest: float = 6.0


class RobustSearch:
    """The search.

    Args:
        device: ``cpu`` or ``cuda``.
        limits: see `SearchLimits`.

    Raises:
        UserError: a network's file is missing or damaged.
    """

    def __init__(self, device: str = 'cpu', limits: SearchLimits | None = None) -> None:
        self.limits = limits or SearchLimits()
        self._short = BlazeNetwork('short', device)
        self._full = BlazeNetwork('full', device)
        self._settler = Settler(self._short, self.limits.settle)

    def __call__(self, image: np.ndarray, name: str = '') -> Detections:
        """Faces in `image` by descending score; scores in (0, 1), rolls are known."""
        pyramid = Pyramid(image)
        parts = part_boxes(windows(*image.shape[:2]))
        found = one_each(self._part(pyramid, part) for part in parts)
        large = found.boxes[:, 2] - found.boxes[:, 0] >= self.limits.smallest
        return found[(found.scores >= self.limits.min_score) & large]

    def _part(self, pyramid: Pyramid, part: Box) -> Detections:
        found = self._near(pyramid, part)
        if self._all_sure(found) and self._is_enough(found, part, self.limits.near_enough):
            return found
        if self.limits.thorough or not self._settler.is_steady(found).any():
            found = one_each([found, self._with_room(pyramid, part, (0.0,))])
        progress, waits = Progress(), self._may_wait(found, part)
        self._settler.add(pyramid, progress, found[~waits])
        waiting = found[waits]
        if self._is_enough(progress.found, part, self.limits.near_enough):
            self._settler.add(pyramid, progress, waiting)
        else:
            self._far(pyramid, part, progress, waiting)
        if self.limits.turn and not self._is_enough(progress.found, part, 0.0):
            turned = self._with_room(pyramid, part, (*QUARTERS, *EIGHTHS))
            self._settler.add(pyramid, progress, turned)
        return self._settler.faces(progress)

    def _may_wait(self, found: Detections, part: Box) -> np.ndarray:
        """Which small ones are upright but unsure: the full-range network may be sure of them."""
        upright = np.abs(found.rolls) <= self.limits.settle.lean
        small = found.boxes[:, 2] - found.boxes[:, 0] < self.limits.near_enough * _longer(part)
        return upright & small & (found.scores < self.limits.settle.sure)

    def _near(self, pyramid: Pyramid, part: Box) -> Detections:
        view = square_view(part, self._short.layout.side)
        return look_at(self._short, pyramid, [view], self.limits.settle.hint)[0]

    def _with_room(self, pyramid: Pyramid, part: Box, angles: tuple[float, ...]) -> Detections:
        side, share = self.limits.room_side, self.limits.room
        views = [square_view(part, side, angle, share) for angle in angles]
        return one_each(look_at(self._short, pyramid, views, self.limits.settle.hint))

    def _far(self, pyramid: Pyramid, part: Box, progress: Progress, waiting: Detections) -> None:
        """Adds what the full-range network sees, on ever more pixels.

        Args:
            waiting: what was seen before and is added with the first of these looks.
        """
        longer, first = _longer(part), self._full.layout.side
        seen = 0
        for side in (first, *self.limits.far_sides):
            enough = self.limits.near_enough * first / side
            fine = seen >= SMALL_LOOK * longer
            if seen and (fine or self._is_enough(progress.found, part, enough)):
                break
            # Beside a face, nothing is expected at the border: no square has to be filled up.
            whole = bool(seen or len(progress.found))
            width = min(side, _whole_strides(longer)) if seen else side
            view = upright_view(part, width) if whole else square_view(part, side)
            new = look_at(self._full, pyramid, [view], self.limits.settle.hint)[0]
            if not seen:  # what it is sure of need not be looked at, the others keep their turn
                sure = self._settler.is_steady(new) & (np.abs(new.rolls) <= UPRIGHT)
                self._settler.add(pyramid, progress, new[sure])
                self._settler.add(pyramid, progress, waiting)
            self._settler.add(pyramid, progress, new)
            seen = side

    def _all_sure(self, found: Detections) -> bool:
        sure = self._settler.is_steady(found)
        return bool(sure.any() and (sure | (found.scores < self.limits.settle.maybe)).all())

    def _is_enough(self, found: Detections, part: Box, share: float) -> bool:
        """Whether a likely face of this share of the part's longer side ends a search."""
        likely = found[found.scores >= self.limits.settle.enough]
        sides = likely.boxes[:, 2] - likely.boxes[:, 0]
        return not self.limits.thorough and bool((sides >= share * _longer(part)).any())


def _longer(part: Box) -> float:
    return max(part[2] - part[0], part[3] - part[1]) + 1


def _whole_strides(length: float) -> int:
    return max(STRIDE, round(length / STRIDE) * STRIDE)


@register_detector('blazeface_all')
def all_faces(device: str = 'cpu') -> RobustSearch:
    """The whole search, for pictures."""
    return RobustSearch(device)


@register_detector('blazeface_video')
def video_faces(device: str = 'cpu') -> RobustSearch:
    """Without turning whole pictures and with one look at more pixels, for frames."""
    return RobustSearch(device, SearchLimits(far_sides=(480,), turn=False))


@register_detector('blazeface_every')
def every_face(device: str = 'cpu') -> RobustSearch:
    """Every look at every picture, for small faces beside large ones."""
    return RobustSearch(device, SearchLimits(thorough=True))
