"""Errors of facial points, their normalisers, and the statistics the field reports.

Shapes: N faces, K points. Every error and rate here is a fraction; callers print per cent.
Where a point carries no label or a face has no valid normaliser, the value is NaN and takes no
part in any mean. A face for which nothing was predicted has an infinite error: it counts as a
failure, and means are taken over the others.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable

import numpy as np

from fanet_mmpose.errors import UserError
from fanet_mmpose.geometry.boxes import tight_box, xyxy_to_xywh
from fanet_mmpose.geometry.schemas import PointSchema

NORMALIZER_TITLES = {
    'inter_ocular': 'inter-ocular distance',
    'inter_pupil': 'inter-pupil distance',
    'box_diagonal': "box's diagonal",
    'box_sqrt_area': "square root of the box's area",
    'box_longer_side': "box's longer side",
    'box_size': "annotation's box_size",
}
NORMALIZERS = tuple(NORMALIZER_TITLES)

_BOX_LENGTHS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    'box_diagonal': lambda size: np.hypot(size[:, 0], size[:, 1]),
    'box_sqrt_area': lambda size: np.sqrt(size[:, 0] * size[:, 1]),
    'box_longer_side': lambda size: size.max(axis=1),
}


def point_errors(predicted: np.ndarray, truth: np.ndarray, labelled: np.ndarray) -> np.ndarray:
    """Euclidean error of every point.

    Args:
        predicted: [N, K, 2] px; rows of NaN for a face that was not found.
        truth: [N, K, 2] px, same frame.
        labelled: [N, K] bool, False where the truth has no such point.

    Returns:
        [N, K] px; NaN where not labelled, infinite where labelled and not predicted.
    """
    errors = np.linalg.norm(np.asarray(predicted, float) - np.asarray(truth, float), axis=-1)
    errors = np.where(np.isnan(errors), np.inf, errors)
    return np.where(labelled, errors, np.nan)


def eye_distances(
    points: np.ndarray, labelled: np.ndarray, groups: tuple[tuple[int, ...], tuple[int, ...]]
) -> np.ndarray:
    """Distance [N] in px between the means of two groups of points; NaN if one has no label."""
    needed = [i for group in groups for i in group]
    left, right = (np.asarray(points, float)[:, list(group)].mean(axis=1) for group in groups)
    distances = np.linalg.norm(left - right, axis=-1)
    return np.where(np.asarray(labelled, bool)[:, needed].all(axis=1), distances, np.nan)


def normalization_factors(
    normalizer: str,
    schema: PointSchema,
    truth: np.ndarray,
    labelled: np.ndarray,
    *,
    boxes: np.ndarray | None = None,
    box_sizes: np.ndarray | None = None,
) -> np.ndarray:
    """Lengths [N] in px that errors are divided by.

    * ``inter_ocular``: outer eye corners, `PointSchema.eye_corners` (300-W, WFLW, COFW).
    * ``inter_pupil``: `PointSchema.pupils`; a mean of eye points where no pupil is labelled.
    * ``box_diagonal``: √(w² + h²) (FaRL's "diag").
    * ``box_sqrt_area``: √(w·h) (FaRL's "box"; Bulat and Tzimiropoulos, ICCV 2017).
    * ``box_longer_side``: max(w, h) (MMPose 1.x on AFLW, ``norm_item='bbox_size'``).
    * ``box_size``: the length the annotation states (HRNet on AFLW; Zhu et al., CVPR 2016).

    Args:
        normalizer: one of `NORMALIZERS`.
        schema: the set the points belong to.
        truth: [N, K, 2] px.
        labelled: [N, K] bool.
        boxes: [N, 4] x, y, w, h; by default the tight boxes of the labelled points.
        box_sizes: [N] px, only for ``box_size``.

    Returns:
        [N] px, NaN where undefined or not positive.

    Raises:
        UserError: unknown normaliser, or one that this schema or this data cannot give.
    """
    if normalizer not in NORMALIZERS:
        raise UserError(f'unknown normalizer {normalizer!r}; one of {", ".join(NORMALIZERS)}')
    if normalizer in _BOX_LENGTHS:
        found = xyxy_to_xywh(tight_box(truth, labelled)) if boxes is None else boxes
        factors = _BOX_LENGTHS[normalizer](np.asarray(found, float)[:, 2:])
    elif normalizer == 'box_size':
        if box_sizes is None:
            raise UserError('normalizer box_size needs the field "box_size" in the annotations')
        factors = np.asarray(box_sizes, float)
    else:
        groups = schema.eye_corners if normalizer == 'inter_ocular' else schema.pupils
        if groups is None:
            raise UserError(
                f'schema {schema.name} has no points for {normalizer}; use a box normalizer'
            )
        factors = eye_distances(truth, labelled, groups)
    return np.where(factors > 0, factors, np.nan)


def default_normalizer(schema: PointSchema) -> str:
    """The field's usual one where the set has its points: eye corners, pupils, else the box."""
    if schema.eye_corners is not None:
        return 'inter_ocular'
    return 'box_diagonal' if schema.pupils is None else 'inter_pupil'


def face_errors(errors: np.ndarray, factors: np.ndarray) -> np.ndarray:
    """Normalised mean error [N] of each face: the mean of its labelled points' errors [N, K]
    over its factor [N]. NaN for a face without label or factor."""
    labelled = ~np.isnan(errors)
    total = np.where(labelled, errors, 0).sum(axis=1)
    counts = labelled.sum(axis=1)
    return total / np.where(counts > 0, counts, np.nan) / factors


def mean_error(face_nme: np.ndarray) -> float:
    """NME: the mean over faces of each face's own mean; NaN if there is none."""
    finite = face_nme[np.isfinite(face_nme)]
    return float(finite.mean()) if finite.size else float('nan')


def mean_error_over_points(errors: np.ndarray, factors: np.ndarray) -> float:
    """NME with every labelled point weighing the same: MMPose's ``keypoint_nme``.

    Equal to `mean_error` when all faces have the same number of labelled points.
    """
    return mean_error(np.ravel(errors / factors[:, None]))


def failure_rate(face_nme: np.ndarray, threshold: float) -> float:
    """FR: share of faces whose NME exceeds `threshold` (a fraction such as 0.10)."""
    known = face_nme[~np.isnan(face_nme)]
    return float((known > threshold).mean()) if known.size else float('nan')


def ced_area(face_nme: np.ndarray, threshold: float) -> float:
    """AUC: area under the cumulative error distribution up to `threshold`, over `threshold`.

    In [0, 1]. The distribution F(e), the share of faces with NME ≤ e, is a step function; its
    integral over [0, t] is the mean of max(0, t - NME), so no grid is involved.
    """
    known = face_nme[~np.isnan(face_nme)]
    return float(np.maximum(0, 1 - known / threshold).mean()) if known.size else float('nan')


def cumulative_errors(face_nme: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The cumulative error distribution as steps: sorted NME [n] and shares of faces [n]."""
    known = np.sort(face_nme[~np.isnan(face_nme)])
    return known, np.arange(1, known.size + 1) / max(1, known.size)


def error_percentiles(face_nme: np.ndarray, ranks: tuple[int, ...]) -> dict[int, float]:
    """NME below which the given per cents of the faces lie (linear interpolation)."""
    known = np.sort(face_nme[~np.isnan(face_nme)])
    if not known.size:
        return dict.fromkeys(ranks, float('nan'))
    # 'higher' keeps infinite errors from turning their neighbours into NaN.
    method = 'linear' if np.isfinite(known).all() else 'higher'
    return {rank: float(np.percentile(known, rank, method=method)) for rank in ranks}


def bootstrap_means(columns: np.ndarray, *, resamples: int = 1000, seed: int = 0) -> np.ndarray:
    """Means of `columns` [N, M] over faces drawn with replacement: [resamples, M].

    Entries are finite, or NaN, which take no part. All columns see the same draws, so that
    differences between columns of one call are paired.
    """
    columns = np.asarray(columns, float)
    known = ~np.isnan(columns)
    count = len(columns)
    rng = np.random.default_rng(seed)
    draws = rng.multinomial(count, np.full(count, 1 / count), size=resamples).astype(float)
    drawn = draws @ known
    return draws @ np.where(known, columns, 0) / np.where(drawn > 0, drawn, np.nan)


def bootstrap_intervals(
    columns: np.ndarray, *, level: float = 0.95, resamples: int = 1000, seed: int = 0
) -> np.ndarray:
    """Percentile bootstrap intervals [M, 2] of the means of `columns` [N, M].

    NME, FR and AUC are all means over faces: of NME, of NME > t, of max(0, 1 - NME / t).
    Efron and Tibshirani, "An Introduction to the Bootstrap", 1993, chapter 13.
    """
    means = bootstrap_means(columns, resamples=resamples, seed=seed)
    tail = 50 * (1 - level)
    with warnings.catch_warnings():
        # A column without any value has no interval: NaN is the answer.
        warnings.filterwarnings('ignore', 'All-NaN slice', RuntimeWarning)
        return np.nanpercentile(means, [tail, 100 - tail], axis=0).T
