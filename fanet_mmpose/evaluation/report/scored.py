"""One set of predictions with everything the report asks about it more than once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from fanet_mmpose.evaluation.calibration import Calibration, calibrate
from fanet_mmpose.evaluation.results import Results
from fanet_mmpose.evaluation.summary import RESAMPLES, score_faces, summarize
from fanet_mmpose.geometry.nme import bootstrap_intervals, face_errors


@dataclass(frozen=True)
class ScoredModel:
    """Results and their scores.

    Attributes:
        name: unique in the report.
        results: predictions and truth.
        summary: see `summarize`.
        faces: [N] NME of each face as a fraction, see `face_errors`.
        calibration: what its confidence is worth.
    """

    name: str
    results: Results
    summary: dict[str, Any]
    faces: np.ndarray
    calibration: Calibration

    def score(self, members: np.ndarray) -> dict[str, Any]:
        """`score_faces` of the faces chosen by `members` [N] bool."""
        return score_faces(self.faces[members])


def score_model(results: Results, normalizer: str, name: str | None = None) -> ScoredModel:
    """Score results by one normaliser.

    Raises:
        UserError: the normaliser is not defined for them.
    """
    summary = summarize(results, normalizer)
    return ScoredModel(
        name=name or results.model,
        results=results,
        summary=summary,
        faces=face_errors(results.errors, results.factors(normalizer)),
        calibration=calibrate(results, normalizer),
    )


def paired_difference(model: ScoredModel, other: ScoredModel) -> tuple[float, float, float] | None:
    """NME of `model` less that of `other` in per cent with its 95 % interval, (mean, low, high).

    Over the faces that both scored; the same faces are drawn for both, so the interval is much
    narrower than the two models' own suggest. None if they share no face.
    """
    known = {key: error for key, error in zip(_keys(other), other.faces, strict=True)}
    pairs = np.array(
        [
            (error, known[key])
            for key, error in zip(_keys(model), model.faces, strict=True)
            if key in known
        ]
    ).reshape(-1, 2)
    differences = 100 * np.diff(pairs[np.isfinite(pairs).all(axis=1)], axis=1) * -1
    if not len(differences):
        return None
    low, high = bootstrap_intervals(differences, resamples=RESAMPLES)[0]
    return float(differences.mean()), float(low), float(high)


def _keys(model: ScoredModel) -> list[tuple[str, str]]:
    results = model.results
    names = (image.replace('\\', '/').rsplit('/', 1)[-1] for image in results.images)
    return [(str(key), name) for key, name in zip(results.ids, names, strict=True)]
