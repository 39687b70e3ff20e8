"""Is the confidence worth anything: predicted scales and scores against actual errors.

The head predicts, for each point, the scale b of a Laplace distribution of the error along one
axis. If it is right, then over all points with the same b the mean of |error along an axis| is b,
and a share p of the errors is below -b ln(1 - p).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np
from scipy.stats import spearmanr

from fanet_mmpose.evaluation.results import ABSENT, VISIBLE, Results

NUM_BINS = 10
COVERAGE_LEVELS = np.linspace(0.05, 0.95, 19)
KEPT_SHARES = (1.0, 0.9, 0.8, 0.5)


@dataclass(frozen=True)
class Calibration:
    """What confidence is worth on one set; a fact is None where the data cannot show it.

    Lengths are per cent of the normaliser. Points without label and faces not found are left out.

    Attributes:
        spearman_score: rank correlation of a point's score and error; -1 is ideal, 0 worthless.
        spearman_scale: rank correlation of a point's predicted scale and error; 1 is ideal.
        kept_error: NME over the points that remain when only the given share of highest scores
            is kept; share as text to NME.
        scale_factor: mean |error along an axis| / b: 1 is right, above 1 too confident.
        bin_predicted: mean b in bins of equal numbers of points, rising.
        bin_observed: mean |error along an axis| in the same bins.
        coverage: share of errors inside the interval that should hold `COVERAGE_LEVELS` of them.
        coverage_error: expected calibration error: mean |coverage - level|; Kuleshov et al.,
            "Accurate Uncertainties for Deep Learning Using Calibrated Regression", ICML 2018.
        visible_ap: average precision of the predicted visibility for visible points.
        occluded_ap: the same for occluded points, from 1 - visibility.
        occluded_share: share of occluded among labelled points: the AP of guessing.
    """

    spearman_score: float | None = None
    spearman_scale: float | None = None
    kept_error: dict[str, float] | None = None
    scale_factor: float | None = None
    bin_predicted: list[float] | None = None
    bin_observed: list[float] | None = None
    coverage: list[float] | None = None
    coverage_error: float | None = None
    visible_ap: float | None = None
    occluded_ap: float | None = None
    occluded_share: float | None = None

    def to_dict(self) -> dict:
        """Plain values."""
        return asdict(self)


def calibrate(results: Results, normalizer: str = 'inter_ocular') -> Calibration:
    """Compare confidence with error on labelled points of the faces that were found.

    Raises:
        UserError: the normaliser is not defined for these data.
    """
    factors = results.factors(normalizer)[:, None]
    used = results.labelled & ~results.missed[:, None] & np.isfinite(factors)
    with np.errstate(invalid='ignore'):
        errors = (100 * results.errors / factors)[used]
        along = 100 * np.abs(results.predicted - results.truth).mean(axis=-1) / factors
    facts: dict = {}
    if results.scores is not None and errors.size > 1:
        scores = results.scores[used]
        facts['spearman_score'] = _rank_correlation(scores, errors)
        facts['kept_error'] = kept_errors(scores, errors)
    if results.scales is not None and errors.size > NUM_BINS:
        scales = (100 * results.scales / factors)[used]
        facts['spearman_scale'] = _rank_correlation(scales, errors)
        facts |= scale_facts(scales, along[used], _axis_ratios(results)[used])
    return Calibration(**facts, **_visibility_facts(results))


def _rank_correlation(values: np.ndarray, errors: np.ndarray) -> float | None:
    if np.ptp(values) == 0 or np.ptp(errors) == 0:
        return None  # constant: ranks say nothing
    return float(spearmanr(values, errors).statistic)


def kept_errors(scores: np.ndarray, errors: np.ndarray) -> dict[str, float]:
    """Mean of `errors` [M] over the shares `KEPT_SHARES` of points with the highest scores [M]."""
    ranked = errors[np.argsort(-scores, kind='stable')]
    return {
        f'{share:.0%}': float(ranked[: max(1, round(share * len(ranked)))].mean())
        for share in KEPT_SHARES
    }


def scale_facts(scales: np.ndarray, along: np.ndarray, ratios: np.ndarray) -> dict:
    """Calibration of predicted scales.

    Args:
        scales: [M] predicted b.
        along: [M] mean over both axes of |error|, same unit.
        ratios: [M, 2] |error| / b of each axis.

    Returns:
        The fields of `Calibration` from ``scale_factor`` to ``coverage_error``.
    """
    order = np.array_split(np.argsort(scales, kind='stable'), NUM_BINS)
    observed = np.array([(ratios < -np.log1p(-level)).mean() for level in COVERAGE_LEVELS])
    return {
        'scale_factor': float(ratios.mean()),
        'bin_predicted': [float(scales[members].mean()) for members in order],
        'bin_observed': [float(along[members].mean()) for members in order],
        'coverage': observed.tolist(),
        'coverage_error': float(np.abs(observed - COVERAGE_LEVELS).mean()),
    }


def average_precision(scores: np.ndarray, positive: np.ndarray) -> float:
    """Area under the precision-recall steps of `scores` [M] for `positive` [M] bool.

    Σ (R_n - R_{n-1}) P_n over distinct scores from the highest down; points with the same score
    count together. NaN without positives.
    """
    if not positive.any():
        return float('nan')
    order = np.argsort(-scores, kind='stable')
    hits = np.cumsum(positive[order])
    last_of_score = np.append(np.diff(scores[order]) != 0, True)
    precision = (hits / np.arange(1, hits.size + 1))[last_of_score]
    recall = hits[last_of_score] / hits[-1]
    return float((np.diff(recall, prepend=0) * precision).sum())


def _axis_ratios(results: Results) -> np.ndarray:
    scales = np.maximum(results.scales, np.finfo(float).eps)
    return np.abs(results.predicted - results.truth) / scales[..., None]


def _visibility_facts(results: Results) -> dict[str, float]:
    if results.visible_scores is None or not results.knows_occlusion:
        return {}
    used = (results.visibility > ABSENT) & ~results.missed[:, None]
    if not used.any():
        return {}
    scores, visible = results.visible_scores[used], results.visibility[used] == VISIBLE
    return {
        'visible_ap': average_precision(scores, visible),
        'occluded_ap': average_precision(-scores, ~visible),
        'occluded_share': float((~visible).mean()),
    }
