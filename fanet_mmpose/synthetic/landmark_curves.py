"""Where the 98 points lie on the chart, and the curves between them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from scipy.interpolate import CubicSpline

from fanet_mmpose.geometry.schemas import get_schema
from fanet_mmpose.synthetic import anatomy
from fanet_mmpose.synthetic.head_surface import (
    frontal_to_chart,
    plain_head,
    rings_to_chart,
)

# WFLW's two pupils lie on the eyeballs, not on the skin.
PUPILS = (96, 97)
NUM_OUTLINE = 33
OUTLINE_STEPS = 9


def resample(curve: np.ndarray, fractions: np.ndarray, smooth: bool = True) -> np.ndarray:
    """Points at these fractions of the length of a curve through knots [N, 2]."""
    knots = np.linspace(0, 1, len(curve))
    fine = np.linspace(0, 1, 400)
    dense = (
        CubicSpline(knots, curve)(fine)
        if smooth
        else np.stack([np.interp(fine, knots, axis) for axis in curve.T], axis=1)
    )
    lengths = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(dense, axis=0), axis=1))])
    return np.stack([np.interp(fractions * lengths[-1], lengths, axis) for axis in dense.T], axis=1)


def _right_half() -> dict[int, np.ndarray]:
    """Frontal (x, y) of the points with x >= 0, outline and pupil apart."""
    thirds = np.array([0, 0.3, 0.5, 0.7, 1.0])
    quarters = np.linspace(0, 1, 5)
    curves = (
        ((46, 45, 44, 43, 42), resample(anatomy.UPPER_BROW, quarters)),
        ((47, 48, 49, 50), resample(anatomy.LOWER_BROW, quarters)[1:]),
        ((72, 71, 70, 69, 68), resample(anatomy.UPPER_LID, thirds)),
        ((73, 74, 75), resample(anatomy.LOWER_LID, thirds)[1:4]),
        ((51, 52, 53, 54), np.array([(0, y) for y in anatomy.NOSE_BRIDGE_Y])),
        ((59, 58, 57), anatomy.NOSE_BASE),
        ((82, 81, 80, 79), anatomy.OUTER_UPPER_LIP),
        ((83, 84, 85), anatomy.OUTER_LOWER_LIP[1:]),
        # The mark-up's figures have the inner points in line with the outer ones, 78-80 and 84-86.
        ((92, 91, 90), anatomy.INNER_UPPER_LIP[[0, 2, 3]]),
        ((93, 94), anatomy.INNER_LOWER_LIP[[2, 3]]),
    )
    return {index: point for indices, points in curves for index, point in
            zip(indices, points, strict=True)}  # fmt: skip


def _outline() -> np.ndarray:
    """Outline points 32 (ear) to 16 (chin) on the chart [17, 2], evenly spaced as seen in 3D."""
    fine = resample(rings_to_chart(anatomy.OUTLINE), np.linspace(0, 1, 300), smooth=False)
    frontal = plain_head(fine)[:, :2]
    lengths = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(frontal, axis=0), axis=1))])
    wanted = np.linspace(0, lengths[-1], 17)
    return np.stack([np.interp(wanted, lengths, axis) for axis in fine.T], axis=1)


@dataclass(frozen=True)
class LandmarkCurves:
    """Chart positions (u, v) in mm.

    Attributes:
        points: [98, 2]; the pupils are NaN.
        wings: [2, 2], outermost point of the nose's left and right wing.
        outline_paths: [33, OUTLINE_STEPS, 2], from each outline point towards the face's middle:
            where the visible outline goes when the head turns away.
        eyes: [2, N, 2] closed polygons of the lid openings, image-left eye first.
        mouth: [N, 2] closed polygon of the opening between the lips.
    """

    points: np.ndarray
    wings: np.ndarray
    outline_paths: np.ndarray
    eyes: np.ndarray
    mouth: np.ndarray


MIRROR = np.array([-1.0, 1.0])


def _opening(upper: np.ndarray, lower: np.ndarray, count: int) -> np.ndarray:
    """Closed chart polygon between two frontal curves that share their outer end (x > 0)."""
    ends = np.linspace(0, 1, count)
    return frontal_to_chart(np.concatenate([resample(upper, ends), resample(lower, ends)[-2:0:-1]]))


@cache
def landmark_curves() -> LandmarkCurves:
    """The one set of curves that mesh, texture and labels share."""
    points = np.full((98, 2), np.nan)
    flip = get_schema('wflw98').flip_indices
    half = _right_half()
    indices = np.array(list(half))
    points[indices] = frontal_to_chart(np.array(list(half.values())))
    outline = _outline()
    points[32:15:-1] = outline
    known = np.flatnonzero(~np.isnan(points[:, 0]))
    points[flip[known]] = np.where(
        (flip[known] == known)[:, None], points[known], points[known] * MIRROR
    )
    wing = frontal_to_chart(anatomy.NOSE_WING[None])[0]
    eye = _opening(anatomy.UPPER_LID, anatomy.LOWER_LID, 13)
    mouth_upper = np.concatenate(
        [anatomy.INNER_UPPER_LIP, anatomy.INNER_UPPER_LIP[-2::-1] * MIRROR]
    )
    mouth_lower = np.concatenate(
        [anatomy.INNER_LOWER_LIP, anatomy.INNER_LOWER_LIP[-2::-1] * MIRROR]
    )
    return LandmarkCurves(
        points=points,
        wings=np.stack([wing * MIRROR, wing]),
        outline_paths=_outline_paths(points[:NUM_OUTLINE]),
        eyes=np.stack([eye * MIRROR, eye]),
        mouth=_opening(mouth_upper, mouth_lower, 15),
    )


def _outline_paths(outline: np.ndarray) -> np.ndarray:
    """Straight chart paths that keep their height at the ear and rise a little at the chin."""
    shares = np.linspace(0, 0.72, OUTLINE_STEPS)[None, :, None]
    goals = np.stack([outline[:, 0] * 0.0, outline[:, 1]], axis=1)
    # Near the chin there is nothing to march to: the paths shrink to a point.
    reach = np.clip((np.abs(outline[:, :1]) - 18) / 30, 0, 1)[:, None]
    return outline[:, None] + shares * reach * (goals - outline)[:, None]
