"""Regions fitted to errors of a model, and how many true points they hold on other faces."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import Any

import numpy as np

from fanet_mmpose.applications.regions import (
    GROUPS,
    RegionFit,
    frames,
    groups_of,
    point_regions,
)
from fanet_mmpose.geometry.schemas import get_schema
from projects.applications.observations import Observations

LEVELS = (0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.98)
FEWEST = 300  # points of a group, below which it keeps the factor of all


def errors_in_frames(seen: Observations) -> np.ndarray:
    """Errors [N, K, 2] along and across the line of each point, in predicted scales."""
    axes = np.stack([frames(points) for points in seen.found])
    errors = np.einsum('nkij,nkj->nki', axes, seen.truth - seen.found)
    return errors / np.maximum(seen.scales, 1e-9)[..., None]


def without_offset(seen: Observations) -> Observations:
    """Truth less the median offset of each point: another convention of the labels.

    By class of pose, in the frame and in the size of the face, over labelled points.
    """
    size = np.ptp(seen.found, axis=1).max(-1)[:, None, None]
    axes = np.stack([frames(points) for points in seen.found])
    local = np.einsum('nkij,nkj->nki', axes, seen.truth - seen.found) / size
    local = np.where(seen.labelled[..., None], local, np.nan)
    mean = np.zeros_like(local)
    for pose in np.unique(seen.pose_class):
        which = seen.pose_class == pose
        with warnings.catch_warnings():  # points that nobody marked
            warnings.simplefilter('ignore', RuntimeWarning)
            mean[which] = np.nan_to_num(np.nanmedian(local[which], 0))
    truth = seen.truth - np.einsum('nkji,nkj->nki', axes, mean) * size
    return Observations(**{**vars(seen), 'truth': truth})


def conformal_quantile(values: np.ndarray, level: float, axis: int = 0) -> np.ndarray:
    """The smallest value that holds `level` of n + 1; the largest where n is too small."""
    count = values.shape[axis]
    rank = min(int(np.ceil((count + 1) * level)), count) - 1
    return np.take(np.sort(values, axis), rank, axis)


def fit_regions(plain: Observations, covered: Observations, ellipses: bool = True) -> RegionFit:
    """Shapes and radii from `plain` faces, factors of the groups from both."""
    both = _with_mirrored(errors_in_frames(plain))
    shapes = _shapes(both) if ellipses else np.tile(np.eye(2), (68, 1, 1))
    radii = np.stack([conformal_quantile(_norms(both, shapes), level) for level in LEVELS], 1)
    ratios: dict[str, list[np.ndarray]] = {name: [] for name in GROUPS}
    for seen in (plain, covered):
        norms = _norms(errors_in_frames(seen), shapes)
        for points, shown, row in zip(seen.found, seen.visibility, norms, strict=True):
            groups = np.array(groups_of(points, shown))
            for name in GROUPS:
                ratios[name].append(row[groups == name, None] / radii[groups == name])
    factors = {name: _factors(np.concatenate(rows)) for name, rows in ratios.items()}
    return RegionFit(np.array(LEVELS), shapes, radii, factors)


def _factors(ratios: np.ndarray) -> np.ndarray:
    """[L] of a group from its errors over the radii [M, L]."""
    if len(ratios) < FEWEST:
        return np.ones(len(LEVELS))
    return np.array([
        conformal_quantile(ratios[:, index], level) for index, level in enumerate(LEVELS)
    ])  # fmt: skip


def _norms(errors: np.ndarray, shapes: np.ndarray) -> np.ndarray:
    """Lengths [N, K] of errors [N, K, 2] in the shapes [K, 2, 2]."""
    return np.linalg.norm(np.einsum('kij,nkj->nki', np.linalg.inv(shapes), errors), axis=-1)


def _with_mirrored(errors: np.ndarray) -> np.ndarray:
    """[2 N, K, 2]: each point's errors and its mirror image's.

    In a mirror either the line of a point or its normal turns round, never both: the product of
    the two errors changes its sign, which is all that norms and covariances can see.
    """
    mirrored = errors[:, get_schema('300w68').flip_indices] * np.array([-1, 1])
    return np.concatenate([errors, mirrored])


def _shapes(errors: np.ndarray) -> np.ndarray:
    """Symmetric roots [K, 2, 2] of the covariances, determinant 1."""
    clipped = np.clip(errors, -8, 8)  # one lost face must not shape a region
    covariance = np.einsum('nki,nkj->kij', clipped, clipped) / len(clipped)
    values, vectors = np.linalg.eigh(covariance)
    values = np.sqrt(values / np.sqrt(values.prod(1, keepdims=True)))
    return np.einsum('kij,kj,klj->kil', vectors, values, vectors)


def measure_regions(seen: Observations, fit: RegionFit, coverage: float = 0.9) -> dict[str, Any]:
    """Coverage by group, mean area and radius over labelled points; % of the face's size."""
    held: dict[str, list[bool]] = {name: [] for name in GROUPS}
    areas = []
    for truth, labelled, points, scales, shown in zip(
        seen.truth, seen.labelled, seen.found, seen.scales, seen.visibility, strict=True
    ):
        regions = point_regions(points, scales, shown, coverage, fit)
        inside, size = regions.contain(truth), np.ptp(points, axis=0).max()
        areas.append(((regions.radii / size) ** 2)[labelled].mean())
        for name, holds in np.array([regions.groups, inside]).T[labelled]:
            held[name].append(holds == 'True')
    every = [holds for group in held.values() for holds in group]
    return {
        'faces': len(seen.found),
        'coverage': round(float(np.mean(every)), 4),
        'radius_percent_of_face': round(100 * float(np.sqrt(np.mean(areas))), 3),
        'groups': {
            name: {'points': len(group), 'coverage': round(float(np.mean(group)), 4)}
            for name, group in held.items()
            if group
        },
    }


def to_json(fit: RegionFit) -> dict[str, Any]:
    """What `applications.regions.fit_from_json` reads."""
    factors: Mapping[str, np.ndarray] = fit.factors
    return {
        'levels': fit.levels.tolist(),
        'shapes': fit.shapes.round(4).tolist(),
        'radii': fit.radii.round(4).tolist(),
        'factors': {name: values.round(4).tolist() for name, values in factors.items()},
    }
