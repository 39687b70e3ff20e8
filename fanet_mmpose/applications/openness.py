"""How far eyes and mouth are open, from 68 points and the pose of the head.

The gap between lids, or lips, is measured in the picture along the head's own vertical axis and
divided by the width that the fitted 3D head says the eye, or mouth, has. Against the ratio of two
distances in the picture (Soukupová and Čech, "Real-Time Eye Blink Detection using Facial
Landmarks", CVWW 2016) it stays the same when the head turns.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from fanet_mmpose.applications.pose import HIDDEN_FACTOR, HeadPose, head_pose
from fanet_mmpose.errors import UserError

FILE = Path(__file__).with_name('openness.json')


@dataclass(frozen=True)
class Opening:
    """Points of the 68 round an opening: `upper` and `lower` face each other, `corners` end it."""

    upper: tuple[int, ...]
    lower: tuple[int, ...]
    corners: tuple[int, int]


RIGHT_EYE = Opening((37, 38), (41, 40), (36, 39))  # the person's, on the left of the picture
LEFT_EYE = Opening((43, 44), (47, 46), (42, 45))
MOUTH = Opening((61, 62, 63), (67, 66, 65), (48, 54))


@dataclass(frozen=True)
class Openness:
    """How far something is open.

    Attributes:
        value: at least 0, which is closed. Eyes: 1 is the drawn head's relaxed eye, a wide-open
            one has more. Mouth: height of the gap over the width of the mouth.
        sigma: standard deviation of `value`.
    """

    value: float
    sigma: float

    def to_dict(self, digits: int = 3) -> dict[str, float]:
        """``value`` and ``sigma``."""
        return {name: round(number, digits) for name, number in asdict(self).items()}


@dataclass(frozen=True)
class Eyes:
    """Both eyes; the person's `right` one is on the left of the picture."""

    right: Openness
    left: Openness

    @property
    def mean(self) -> Openness:
        """Of both, the surer one counting for more."""
        weights = np.array([self.right.sigma, self.left.sigma]) ** -2
        values = np.array([self.right.value, self.left.value])
        # One network, one picture: errors of both eyes go together, so that two are as sure as one.
        sigma = float(weights.sum() ** -0.5 * np.sqrt(2))
        return Openness(float((weights * values).sum() / weights.sum()), sigma)

    def to_dict(self, digits: int = 3) -> dict[str, Any]:
        """``right`` and ``left``, see `Openness.to_dict`."""
        return {name: getattr(self, name).to_dict(digits) for name in ('right', 'left')}


@dataclass(frozen=True)
class OpennessFit:
    """From a measured ratio to openness: ``slope * ratio + shift``, not below 0.

    The variance is ``floor² + (slope * factor * sigma of the ratio)²``.
    """

    slope: float
    shift: float
    floor: float
    factor: float

    def __call__(self, ratio: float, sigma: float) -> Openness:
        value = max(0.0, self.slope * ratio + self.shift)
        return Openness(value, float(np.hypot(self.floor, self.slope * self.factor * sigma)))


@cache
def openness_fits() -> dict[str, OpennessFit]:
    """The constants that ship, ``eyes`` and ``mouth``, see `FILE`."""
    content = json.loads(FILE.read_text(encoding='utf-8'))
    return {name: OpennessFit(**content[name]) for name in ('eyes', 'mouth')}


def gap_ratio(
    points: np.ndarray, sigmas: np.ndarray, pose: HeadPose, opening: Opening
) -> tuple[float, float]:
    """Height of a gap over the width of its opening, and the standard deviation of that.

    Args:
        points: [68, 2] px.
        sigmas: [68] px, standard deviation of each coordinate.
        pose: of the same face.
        opening: which points.
    """
    upper, lower = list(opening.upper), list(opening.lower)
    down = pose.rotation[:2, 1] / np.linalg.norm(pose.rotation[:2, 1])
    first, last = pose.points_3d[list(opening.corners)]
    width = pose.pixels_per_mm * float(np.linalg.norm(last - first))
    gap = float(((points[lower] - points[upper]) @ down).mean())
    spread = float(np.sqrt((sigmas[upper + lower] ** 2).sum())) / len(upper)
    return gap / width, spread / width


def point_sigmas(scales: np.ndarray, visibility: np.ndarray | None) -> np.ndarray:
    """Standard deviations [K] of Laplace scales [K]; hidden points are less sure."""
    sigmas = np.sqrt(2) * np.asarray(scales, float)
    if visibility is None:
        return sigmas
    return np.where(np.asarray(visibility) < 0.5, HIDDEN_FACTOR, 1.0) * sigmas


def eye_openness(
    points: np.ndarray,
    scales: np.ndarray,
    visibility: np.ndarray | None = None,
    pose: HeadPose | None = None,
) -> Eyes:
    """Openness of both eyes.

    Args:
        points: [68, 2] px, 300W's order.
        scales: [68] px, see `head_pose`, as `visibility`.
        visibility: [68] in (0, 1).
        pose: of the same face, where it is known already.

    Raises:
        UserError: see `head_pose`; or the points of the eyes are no numbers.
    """
    right, left = _measure(points, scales, visibility, pose, 'eyes', (RIGHT_EYE, LEFT_EYE))
    return Eyes(right, left)


def mouth_openness(
    points: np.ndarray,
    scales: np.ndarray,
    visibility: np.ndarray | None = None,
    pose: HeadPose | None = None,
) -> Openness:
    """Openness of the mouth; arguments and errors as of `eye_openness`."""
    return _measure(points, scales, visibility, pose, 'mouth', (MOUTH,))[0]


def _measure(
    points: np.ndarray,
    scales: np.ndarray,
    visibility: np.ndarray | None,
    pose: HeadPose | None,
    name: str,
    openings: tuple[Opening, ...],
) -> list[Openness]:
    pose = pose or head_pose(points, scales, visibility)
    points, sigmas = np.asarray(points, float), point_sigmas(scales, visibility)
    ratios = [gap_ratio(points, sigmas, pose, opening) for opening in openings]
    if not np.isfinite(ratios).all():
        raise UserError(f'{name}: points of the {name} are no numbers')
    return [openness_fits()[name](*ratio) for ratio in ratios]
