"""All the numbers of one set of predictions, from `geometry.nme`'s formulas.

In summaries NME, percentiles and FR are per cent and AUC is a fraction, as papers print them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from fanet_mmpose.errors import UserError
from fanet_mmpose.evaluation.results import OCCLUDED, VISIBLE, Results
from fanet_mmpose.geometry import nme

THRESHOLDS = (7, 8, 10)  # per cent
PERCENTILES = (50, 90, 95, 99)
RESAMPLES = 1000
MAX_ATTRIBUTE_VALUES = 20

Subsets = Mapping[str, Mapping[str, Any]]


def summarize(
    results: Results, normalizer: str = 'inter_ocular', subsets: Subsets | None = None
) -> dict[str, Any]:
    """Score one set of predictions.

    Args:
        results: predictions and truth.
        normalizer: the primary one, one of `nme.NORMALIZERS`.
        subsets: name to the attribute values that select its faces, such as
            ``{'common': {'source': ['helen_test', 'lfpw_test']}}``; these come besides one
            subset for every value of every attribute (`attribute_subsets`).

    Returns:
        Plain values, ready for JSON: ``faces``, ``missed``, ``unscored`` counts, ``normalizer``,
        ``protocol``; ``all`` (see `score_faces`); ``nme_by_normalizer``; ``nme_over_points``;
        ``parts``, ``inner``, ``visibility`` and ``points`` (NME); ``subsets``.

    Raises:
        UserError: no faces, or the normaliser is not defined for them.
    """
    if not results.num_faces:
        raise UserError(f'{results.model}: there are no faces to score')
    errors, factors = results.errors, results.factors(normalizer)
    faces = nme.face_errors(errors, factors)
    return {
        'model': results.model,
        'dataset': results.dataset,
        'schema': results.schema.name,
        'protocol': results.protocol.line(),
        'normalizer': normalizer,
        'faces': results.num_faces,
        'missed': int(results.missed.sum()),
        'unscored': int(np.isnan(faces).sum()),
        'all': score_faces(faces),
        'nme_by_normalizer': _by_normalizer(results, errors),
        'nme_over_points': 100 * nme.mean_error_over_points(errors, factors),
        'inner': _masked_error(errors, factors, _point_mask(results, results.schema.inner)),
        'parts': {
            part: _masked_error(errors, factors, _point_mask(results, points))
            for part, points in results.schema.parts.items()
        },
        'visibility': _by_visibility(results, errors, factors),
        'points': [
            100 * nme.mean_error(errors[:, k] / factors) for k in range(results.schema.num_points)
        ],
        'subsets': {
            name: score_faces(faces[chosen])
            for name, chosen in iterate_subsets(results.attributes, subsets or {})
        },
    }


def score_faces(faces: np.ndarray) -> dict[str, Any]:
    """NME, FR, AUC with 95 % bootstrap intervals and percentiles of per-face errors [N].

    Returns:
        ``{'faces': n, 'nme': v, 'fr': {7: v, ..}, 'auc': {..}, 'percentiles': {50: v, ..},
        'interval': {'nme': [low, high], 'fr10': [..], 'auc10': [..], ..}}``; keys of inner
        mappings are strings.
    """
    known = ~np.isnan(faces)
    columns = {'nme': np.where(np.isfinite(faces), 100 * faces, np.nan)}
    for percent in THRESHOLDS:
        threshold = percent / 100
        columns[f'fr{percent}'] = np.where(known, 100.0 * (faces > threshold), np.nan)
        columns[f'auc{percent}'] = np.where(known, np.maximum(0, 1 - faces / threshold), np.nan)
    ranks = nme.error_percentiles(faces, PERCENTILES)
    return {
        'faces': int(known.sum()),
        'nme': 100 * nme.mean_error(faces),
        'fr': {str(t): 100 * nme.failure_rate(faces, t / 100) for t in THRESHOLDS},
        'auc': {str(t): nme.ced_area(faces, t / 100) for t in THRESHOLDS},
        'percentiles': {str(rank): 100 * value for rank, value in ranks.items()},
        'interval': _intervals(columns) if known.any() else {},
    }


def _intervals(columns: Mapping[str, np.ndarray]) -> dict[str, list[float]]:
    bounds = nme.bootstrap_intervals(np.stack(list(columns.values()), 1), resamples=RESAMPLES)
    return {name: bound.tolist() for name, bound in zip(columns, bounds, strict=True)}


def iterate_subsets(
    attributes: Mapping[str, Sequence[Any]], named: Subsets
) -> Iterator[tuple[str, np.ndarray]]:
    """(name, [N] bool) of the named subsets, then of every attribute's values.

    Raises:
        UserError: a named subset uses an attribute that the data do not have.
    """
    for name, wanted in named.items():
        chosen: np.ndarray | bool = True
        for attribute, values in wanted.items():
            if attribute not in attributes:
                raise UserError(
                    f'subset {name!r} needs the attribute {attribute!r}, but the annotations have '
                    f'{", ".join(attributes) or "none (give the metric ann_file)"}'
                )
            accepted = values if isinstance(values, (list, tuple, set)) else [values]
            chosen = chosen & np.array([value in accepted for value in attributes[attribute]])
        yield name, np.asarray(chosen)
    for attribute, values in attributes.items():
        yield from attribute_subsets(attribute, values)


def attribute_subsets(name: str, values: Sequence[Any]) -> Iterator[tuple[str, np.ndarray]]:
    """One subset for each value of an attribute; a 0/1 attribute gives the faces that have it.

    Measurements and names of persons are no subsets: nothing comes of an attribute with
    fractions, with one value only, with more than `MAX_ATTRIBUTE_VALUES`, or with fewer than two
    faces to a value.
    """
    distinct = sorted({value for value in values if value is not None}, key=str)
    fractions = any(isinstance(value, float) and not value.is_integer() for value in distinct)
    if fractions or not 2 <= len(distinct) <= min(MAX_ATTRIBUTE_VALUES, len(values) // 2):
        return
    if set(distinct) == {0, 1}:
        yield name, np.array([value == 1 for value in values])
        return
    for value in distinct:
        yield f'{name}={value}', np.array([other == value for other in values])


def _by_normalizer(results: Results, errors: np.ndarray) -> dict[str, float]:
    found = {}
    for normalizer in nme.NORMALIZERS:
        try:
            factors = results.factors(normalizer)
        except UserError:
            continue  # not defined for this schema or these annotations
        value = nme.mean_error(nme.face_errors(errors, factors))
        if np.isfinite(value):
            found[normalizer] = 100 * value
    return found


def _by_visibility(
    results: Results, errors: np.ndarray, factors: np.ndarray
) -> dict[str, float | None]:
    if not results.knows_occlusion:
        return {}
    flags = {'visible': VISIBLE, 'occluded': OCCLUDED}
    return {
        name: _masked_error(errors, factors, results.visibility == flag)
        for name, flag in flags.items()
    }


def _point_mask(results: Results, points: Sequence[int]) -> np.ndarray:
    mask = np.zeros(results.visibility.shape, bool)
    mask[:, list(points)] = True
    return mask


def _masked_error(errors: np.ndarray, factors: np.ndarray, mask: np.ndarray) -> float:
    return 100 * nme.mean_error(nme.face_errors(np.where(mask, errors, np.nan), factors))
