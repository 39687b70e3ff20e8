"""Where each point lies with a chance that one asks for: ellipses whose coverage was measured.

Conformal prediction: the radius is a quantile of errors on faces that were not trained on, in units
of the scales that the network predicts (Vovk et al., "Algorithmic Learning in a Random World",
2005; normalized scores: Papadopoulos et al., ECML 2002), for each point, and times a factor for
each group of points: turned heads, hidden points.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from fanet_mmpose.applications.quick_yaw import quick_yaw
from fanet_mmpose.errors import UserError
from fanet_mmpose.geometry.schemas import get_schema

FILE = Path(__file__).with_name('regions.json')
SCHEMA = '300w68'
YAWS = (15.0, 30.0)  # degrees at which the groups of turned heads begin
GROUPS = ('frontal', 'half turned', 'turned', 'hidden')
SEEN = 0.5


@dataclass(frozen=True, eq=False)
class Regions:
    """An ellipse round each of K points.

    Attributes:
        centers: [K, 2] px.
        axes: [K, 2, 2] px: rows are the two half axes of each ellipse as vectors.
        coverage: share of true points that ellipses of faces like those of the fit hold.
        groups: [K], name of the group of each point, see `GROUPS`.
    """

    centers: np.ndarray
    axes: np.ndarray
    coverage: float
    groups: tuple[str, ...]

    @property
    def radii(self) -> np.ndarray:
        """[K] px, of circles as large as the ellipses."""
        return np.sqrt(np.abs(np.linalg.det(self.axes)))

    def contain(self, points: np.ndarray) -> np.ndarray:
        """Which of the points [K, 2] px lie in their ellipse, [K] bool."""
        offset = (np.asarray(points, float) - self.centers)[:, None]
        inside = np.linalg.solve(np.swapaxes(self.axes, 1, 2), np.swapaxes(offset, 1, 2))
        return (inside[..., 0] ** 2).sum(-1) <= 1

    def draw(self, image: np.ndarray) -> np.ndarray:
        """A copy of a blue-first picture with the ellipses; those of hidden points are red."""
        image = image.copy()
        for center, axes, group in zip(self.centers, self.axes, self.groups, strict=True):
            turns = np.linspace(0, 2 * np.pi, 33)[:, None]
            outline = center + np.cos(turns) * axes[0] + np.sin(turns) * axes[1]
            fixed = [np.round(outline * 16).astype(np.int32)]  # sixteenths of a pixel
            colour = (60, 60, 255) if group == 'hidden' else (60, 220, 60)
            cv2.polylines(image, fixed, True, colour, 1, cv2.LINE_AA, shift=4)
        return image

    def to_dict(self, digits: int = 3) -> dict[str, Any]:
        """Plain lists and numbers."""
        return {
            'coverage': self.coverage,
            'axes': self.axes.round(digits).tolist(),
            'groups': list(self.groups),
        }


@dataclass(frozen=True, eq=False)
class RegionFit:
    """What a model's errors look like, see `FILE`.

    Attributes:
        levels: [L] coverages, rising.
        shapes: [68, 2, 2], symmetric roots of the errors' covariance along and across the line
            of the face (`frames`), in scales, of determinant 1.
        radii: [68, L], quantiles of the errors in those shapes, in scales.
        factors: by group, [L] more or less.
    """

    levels: np.ndarray
    shapes: np.ndarray
    radii: np.ndarray
    factors: Mapping[str, np.ndarray]


@cache
def region_fits() -> dict[str, RegionFit]:
    """Those that ship, by name of the model."""
    return {name: fit_from_json(fields) for name, fields in _models().items()}


def fit_of_network(network: str | None) -> RegionFit:
    """The fit of a shipped network, by `ModelInfo.name`. Raises `UserError` if there is none."""
    for name, fields in _models().items():
        if network == fields['network']:
            return region_fits()[name]
    raise UserError(
        f'regions: no fit for what found these points ({network or "unknown"}); there are '
        f'{", ".join(_models())}: give model= if it was one of them'
    )


@cache
def _models() -> dict[str, dict[str, Any]]:
    return json.loads(FILE.read_text(encoding='utf-8'))['models']


def fit_from_json(fields: Mapping[str, Any]) -> RegionFit:
    """The inverse of what `projects/applications/tools/fit_regions.py` writes of a model."""
    factors = {name: np.array(values) for name, values in fields['factors'].items()}
    arrays = (np.array(fields[name]) for name in ('levels', 'shapes', 'radii'))
    return RegionFit(*arrays, factors)


def frames(points: np.ndarray) -> np.ndarray:
    """[K, 2, 2]: rows are unit vectors along and across the line that each point lies on.

    The line goes through a point's neighbours in the schema's skeleton.
    """
    before, after = _neighbours()
    along = points[after] - points[before]
    along = along / np.maximum(np.linalg.norm(along, axis=1, keepdims=True), 1e-9)
    return np.stack([along, np.stack([-along[:, 1], along[:, 0]], 1)], 1)


@cache
def _neighbours() -> tuple[np.ndarray, np.ndarray]:
    """Of each of 68 points the neighbours with the lowest and the highest number, or itself."""
    before, after = np.arange(68), np.arange(68)
    for first, second in get_schema(SCHEMA).skeleton:
        for one, other in ((first, second), (second, first)):
            before[one], after[one] = min(before[one], other), max(after[one], other)
    return before, after


def groups_of(points: np.ndarray, visibility: np.ndarray) -> tuple[str, ...]:
    """The group of each point [68, 2] px: hidden, or by the yaw of the head."""
    turned = GROUPS[int(np.searchsorted(YAWS, abs(quick_yaw(points))))]
    return tuple('hidden' if seen < SEEN else turned for seen in visibility)


def point_regions(
    points: np.ndarray,
    scales: np.ndarray,
    visibility: np.ndarray,
    coverage: float = 0.9,
    fit: RegionFit | str = 'fanet_lite_300w',
) -> Regions:
    """Ellipses that hold the true points with a chance of `coverage`.

    Args:
        points: [68, 2] px, 300W's order.
        scales: [68] px, expected error of each coordinate.
        visibility: [68] in (0, 1).
        coverage: within the levels of the fit, 0.5 to 0.98.
        fit: or the name of the model that found the points.

    Raises:
        UserError: no fit for the model or the coverage, or not 68 points.
    """
    points, scales = np.asarray(points, float), np.asarray(scales, float)
    if points.shape != (68, 2):
        raise UserError(f'regions are known of 68 points, not {len(points)}: use a 68-point model')
    fit = _named(fit) if isinstance(fit, str) else fit
    low, high = fit.levels[[0, -1]]
    if not isinstance(coverage, float | int | np.number) or not low <= coverage <= high:
        raise UserError(f'coverage {coverage}: give a number from {low} to {high}')
    groups = groups_of(points, visibility)
    radii = np.array([np.interp(coverage, fit.levels, row) for row in fit.radii])
    factors = {name: np.interp(coverage, fit.levels, row) for name, row in fit.factors.items()}
    sizes = radii * scales * np.array([factors[name] for name in groups])
    axes = np.swapaxes(fit.shapes, 1, 2) @ frames(points) * sizes[:, None, None]
    return Regions(points, axes, float(coverage), groups)


def _named(name: str) -> RegionFit:
    if name not in region_fits():
        raise UserError(f'regions: no fit for model {name!r}; there are {", ".join(region_fits())}')
    return region_fits()[name]
