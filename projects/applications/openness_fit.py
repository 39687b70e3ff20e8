"""Openness of eyes and mouth, fitted to and measured on drawn faces, whose truth is known."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import least_squares, minimize
from scipy.stats import rankdata

from fanet_mmpose.applications.head_model import head_model
from fanet_mmpose.applications.openness import (
    LEFT_EYE,
    MOUTH,
    RIGHT_EYE,
    Opening,
    OpennessFit,
    gap_ratio,
    point_sigmas,
)
from fanet_mmpose.applications.pose import head_pose
from fanet_mmpose.errors import UserError
from projects.applications.drawn_faces import DrawnFace

PARTS: dict[str, tuple[Opening, ...]] = {'eyes': (RIGHT_EYE, LEFT_EYE), 'mouth': (MOUTH,)}
YAWS = (0, 15, 30, 60)
# Openness below which something is shut, and from which it is open, for the curve of decisions.
SHUT = {'eyes': (0.15, 0.6), 'mouth': (0.03, 0.15)}


@dataclass(frozen=True, eq=False)
class Sample:
    """Of N eyes or mouths: `truth`, measured `ratio` and its `sigma`, |yaw|, all visible or not."""

    truth: np.ndarray
    ratio: np.ndarray
    sigma: np.ndarray
    yaw: np.ndarray
    visible: np.ndarray

    def __getitem__(self, which: np.ndarray) -> Sample:
        return Sample(*(value[which] for value in vars(self).values()))


def true_ratio(head: np.ndarray, opening: Opening) -> float:
    """Height of the gap over the width of a head's opening [68, 3]; lids that cross are shut."""
    gap = head[list(opening.lower), 1] - head[list(opening.upper), 1]
    first, last = head[list(opening.corners)]
    return max(0.0, float(gap.mean())) / float(np.linalg.norm(last - first))


def unit(name: str) -> float:
    """The true ratio that counts as openness 1."""
    if name == 'mouth':
        return 1.0
    return float(np.mean([true_ratio(head_model().mean, eye) for eye in PARTS['eyes']]))


def gather(faces: Iterable[DrawnFace]) -> tuple[dict[str, Sample], int]:
    """Samples by part; and how many faces were too hidden for their pose."""
    rows: dict[str, list[tuple[float, ...]]] = {name: [] for name in PARTS}
    lost = 0
    for face in faces:
        found, sigmas = face.found, point_sigmas(face.found.scales, face.found.visibility)
        try:
            pose = head_pose(found.points, found.scales, found.visibility)
        except UserError:
            lost += 1
            continue
        for name, openings in PARTS.items():
            for opening in openings:
                seen = face.visible[[*opening.upper, *opening.lower]].all()
                ratio = gap_ratio(found.points, sigmas, pose, opening)
                truth = true_ratio(face.head, opening) / unit(name)
                rows[name].append((truth, *ratio, abs(face.angles[0]), seen))
    samples = {name: np.array(values, float).T for name, values in rows.items()}
    return {name: Sample(*v[:4], v[4].astype(bool)) for name, v in samples.items()}, lost


def fit(sample: Sample) -> OpennessFit:
    """Line by least squares, of the openness clipped at 0; variance by the likelihood."""
    guess = np.polyfit(sample.ratio, sample.truth, 1)
    line = least_squares(
        lambda x: np.maximum(x[0] * sample.ratio + x[1], 0) - sample.truth, guess
    ).x
    rest = np.maximum(line[0] * sample.ratio + line[1], 0) - sample.truth

    def surprise(logs: np.ndarray) -> float:
        floor, factor = np.exp(logs)
        variance = floor**2 + (line[0] * factor * sample.sigma) ** 2
        return float((np.log(variance) + rest**2 / variance).sum())

    floor, factor = np.exp(minimize(surprise, np.log([rest.std(), 1.0]), method='Nelder-Mead').x)
    return OpennessFit(*(round(float(value), 4) for value in (*line, floor, factor)))


def measure(sample: Sample, model: OpennessFit, name: str) -> dict[str, object]:
    """Errors of openness, by yaw and visibility."""
    groups = {
        f'yaw {low} to {high}, {"seen" if seen else "partly hidden"}': sample[
            (sample.yaw >= low) & (sample.yaw < high) & (sample.visible == seen)
        ]
        for low, high in zip(YAWS, YAWS[1:], strict=False)
        for seen in (True, False)
    }
    all_seen = {'seen': sample[sample.visible], 'partly hidden': sample[~sample.visible], **groups}
    return {title: _errors(part, model, name) for title, part in all_seen.items()}


def _errors(sample: Sample, model: OpennessFit, name: str) -> dict[str, float | int | None]:
    found = [model(*row) for row in zip(sample.ratio, sample.sigma, strict=True)]
    values, sigmas = np.array([(one.value, one.sigma) for one in found]).reshape(-1, 2).T
    if len(values) < 10:
        return {'number': len(values)}
    off = values - sample.truth
    low, high = SHUT[name]
    shut, opened = sample.truth < low, sample.truth > high
    return {
        'number': len(values),
        'mean_absolute_error': round(float(np.abs(off).mean()), 3),
        'bias': round(float(off.mean()), 3),
        'correlation': round(float(np.corrcoef(values, sample.truth)[0, 1]), 3),
        'within_1_sigma': round(float((np.abs(off) < sigmas).mean()), 3),
        'within_2_sigma': round(float((np.abs(off) < 2 * sigmas).mean()), 3),
        'shut_from_open_auc': area_under_roc(values[opened], values[shut]),
    }


def area_under_roc(higher: np.ndarray, lower: np.ndarray) -> float | None:
    """Chance that one of `higher` exceeds one of `lower`; None where either is empty."""
    if not len(higher) or not len(lower):
        return None
    ranks = rankdata(np.concatenate([higher, lower]))[: len(higher)].sum()
    count = len(higher)
    return round(float((ranks - count * (count + 1) / 2) / (count * len(lower))), 3)
