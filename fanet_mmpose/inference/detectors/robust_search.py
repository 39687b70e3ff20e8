"""Every face, at any angle and size: cheap looks first, more of them only while unsure.

1. `near`: the short-range network on the whole picture, and once more with room round it, since a
   face that fills the picture lacks its surroundings.
2. Each face that leans or is unsure is looked at alone, see `blaze_settle`; also those of 3 and 4.
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
SMALL_LOOK = 0.75  # share of the pixels from which a look at more of them adds nothing


@dataclass(frozen=True)
class SearchLimits:
    """When is searched on, and what is a face.

    Attributes:
        settle: which faces are looked at alone.
        min_score: faces below it are none; low, since the landmarks are asked next.
        room: share of a look that the picture takes where it gets room.
        far_sides: longer sides of the looks at more pixels, px.
        near_enough: faces of this share of the picture's longer side end the search for far ones;
            divided by how much more the next look shows.
        turn: whether the picture is turned where nothing was found.
        thorough: whether every look is taken, whatever the ones before it found.
        smallest: side of a face in the picture, px; a few dots enlarged have looked like one.
    """

    settle: SettleLimits = field(default_factory=SettleLimits)
    min_score: float = 0.2
    room: float = 0.6
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
        found = self._near(pyramid, part, 1.0)
        if self._all_sure(found) and self._is_enough(found, part, self.limits.near_enough):
            return found
        progress = Progress()
        roomy = self._near(pyramid, part, self.limits.room)
        self._settler.add(pyramid, progress, one_each([found, roomy]))
        if not self._is_enough(progress.found, part, self.limits.near_enough):
            self._far(pyramid, part, progress)
        if self.limits.turn and not self._is_enough(progress.found, part, 0.0):
            self._settler.add(pyramid, progress, self._turned(pyramid, part))
        return self._settler.faces(progress)

    def _near(self, pyramid: Pyramid, part: Box, share: float) -> Detections:
        view = square_view(part, self._short.layout.side, 0.0, share)
        return look_at(self._short, pyramid, [view], self.limits.settle.hint)[0]

    def _far(self, pyramid: Pyramid, part: Box, progress: Progress) -> None:
        """Adds what the full-range network sees, on ever more pixels."""
        longer, first = _longer(part), self._full.layout.side
        seen = 0
        for side in (first, *self.limits.far_sides):
            enough = self.limits.near_enough * first / side
            fine = seen >= SMALL_LOOK * longer
            if seen and (fine or self._is_enough(progress.found, part, enough)):
                break
            square = square_view(part, first)
            view = upright_view(part, min(side, _whole_strides(longer))) if seen else square
            new = look_at(self._full, pyramid, [view], self.limits.settle.hint)[0]
            self._settler.add(pyramid, progress, new)
            seen = side

    def _turned(self, pyramid: Pyramid, part: Box) -> Detections:
        side, room = self._short.layout.side, self.limits.room
        views = [square_view(part, side, angle, room) for angle in (*QUARTERS, *EIGHTHS)]
        return one_each(look_at(self._short, pyramid, views, self.limits.settle.hint))

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
