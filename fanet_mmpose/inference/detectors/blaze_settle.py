"""A closer look at faces that lean or are unsure: which way up, and whether they are faces.

The short-range network scores highest where a face is upright, and only there are its eyes told
from its mouth. So a hint is looked at alone, turned upright by its own roll. Is it likely then but
not sure, it is looked at from the three other sides, too. No hint is looked at twice.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from fanet_mmpose.geometry.boxes import iou
from fanet_mmpose.inference.detectors.blaze_faces import look_at
from fanet_mmpose.inference.detectors.blaze_network import BlazeNetwork
from fanet_mmpose.inference.detectors.detector import Detections, joined, suppressed
from fanet_mmpose.inference.detectors.views import Pyramid, square_view

MAX_IOU = 0.4  # of the boxes of two faces
MAX_IOS = 0.8  # a box with more of its area inside another one is a part of that face
OTHER_SIDES = (90.0, 180.0, 270.0)
SURER = 0.2  # by so much a hint must be surer than the last one there to be looked at again


@dataclass(frozen=True)
class SettleLimits:
    """When a face needs no closer look, and when it gets none.

    Attributes:
        sure: score from which a face needs no other look.
        lean: roll from which the eyes may have been taken for the mouth, degrees.
        hint: score from which a face is looked at again where no face is sure.
        maybe: the same beside a sure face.
        beside: score from which a face, looked at, is one beside a sure face.
        likely: score of the look at it alone from which other sides may be surer.
        enough: score from which a face, looked at, ends the search for others.
        alone: share of the look that a face takes where it is looked at alone.
        side: of that look, px.
        most: hints of one look that are looked at again, by descending score.
    """

    sure: float = 0.85
    lean: float = 45.0
    hint: float = 0.15
    maybe: float = 0.4
    beside: float = 0.5
    likely: float = 0.5
    enough: float = 0.7
    alone: float = 0.6
    side: int = 96
    most: int = 8


def one_each(parts: Iterable[Detections]) -> Detections:
    """All faces, highest score first, each once, and no parts of faces."""
    return suppressed(parts, MAX_IOU, MAX_IOS)


@dataclass(eq=False)
class Progress:
    """Of one picture: faces so far, sure or looked at alone, and the hints that were."""

    found: Detections = field(default_factory=lambda: Detections([], []))
    judged: Detections = field(default_factory=lambda: Detections([], []))


class Settler:
    """Takes what a look saw.

    Args:
        network: the short-range one.
        limits: see `SettleLimits`.
    """

    def __init__(self, network: BlazeNetwork, limits: SettleLimits) -> None:
        self.limits, self._network = limits, network

    def add(self, pyramid: Pyramid, progress: Progress, new: Detections) -> None:
        """Sure faces as they are, each other new one as a look at it alone sees it."""
        steady = self.is_steady(new)
        progress.found = one_each([progress.found, new[steady]])
        hints = self._new_hints(progress, one_each([new[~steady]]))[: self.limits.most]
        progress.judged = joined([progress.judged, hints])
        progress.found = one_each([progress.found, *self._look(pyramid, hints)])

    def faces(self, progress: Progress) -> Detections:
        """The end of the search: beside a sure face, unsure ones count less."""
        found, limits = progress.found, self.limits
        least = limits.beside if self.is_steady(found).any() else limits.hint
        return found[found.scores >= least]

    def is_steady(self, found: Detections) -> np.ndarray:
        """Which of N are sure and upright."""
        upright = np.abs(found.rolls) <= self.limits.lean
        return (found.scores >= self.limits.sure) & upright

    def _least(self, found: Detections) -> float:
        return self.limits.maybe if self.is_steady(found).any() else self.limits.hint

    def _new_hints(self, progress: Progress, hints: Detections) -> Detections:
        hints = hints[hints.scores >= self._least(progress.found)]
        new = [
            not (_same(box, progress.found) & (progress.found.scores >= score)).any()
            and not (_same(box, progress.judged) & (progress.judged.scores > score - SURER)).any()
            for box, score in zip(hints.boxes, hints.scores, strict=True)
        ]
        return hints[np.array(new, bool)]

    def _look(self, pyramid: Pyramid, hints: Detections) -> list[Detections]:
        """The best look at each hint; none of those that the first look does not see."""
        first = self._from_sides(pyramid, hints, (0.0,))
        best = np.array([one.scores.max(initial=0) for one in first])
        open_ones = (best >= self.limits.likely) & (best < self.limits.sure)
        others = iter(self._from_sides(pyramid, hints[open_ones], OTHER_SIDES))
        every = [
            joined([one, next(others)]) if is_open else one
            for one, is_open in zip(first, open_ones, strict=True)
        ]
        return [one[np.argsort(-one.scores, kind='stable')[:1]] for one in every if len(one)]

    def _from_sides(
        self, pyramid: Pyramid, hints: Detections, sides: tuple[float, ...]
    ) -> list[Detections]:
        """What is seen where each hint is, turned upright and then by each of `sides`, degrees."""
        size, share = self.limits.side, self.limits.alone
        views = [
            square_view(tuple(box), size, side - roll, share)
            for box, roll in zip(hints.boxes, hints.rolls, strict=True)
            for side in sides
        ]
        looks = look_at(self._network, pyramid, views, self.limits.hint) if views else []
        parts = (joined(looks[i : i + len(sides)]) for i in range(0, len(looks), len(sides)))
        return [
            part[iou(box, part.boxes) >= MAX_IOU / 2]
            for box, part in zip(hints.boxes, parts, strict=True)
        ]


def _same(box: np.ndarray, others: Detections) -> np.ndarray:
    return iou(box, others.boxes) >= MAX_IOU
