"""What discovered points are worth: a linear map to annotated ones, and back.

Protocol of Thewlis et al. (arXiv 1705.02193) and Jakab et al. (NeurIPS 2018): freeze, fit a linear
map without bias on a few faces, report the error on others. Backward, from annotated to discovered
points: Sánchez & Tzimiropoulos (arXiv 1910.09469); points that have nothing to do with the face
cannot be told from its points.

Points are [N, K, 2] in units of the crop's side, from its upper left corner; errors are a
fraction of the eye distance. Without a bias the origin matters; that is the protocol's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np

from fanet_mmpose.errors import UserError


def fit_linear(inputs: np.ndarray, targets: np.ndarray, ridge: float = 0.0) -> np.ndarray:
    """Least squares without bias.

    Args:
        inputs: [N, P].
        targets: [N, Q].
        ridge: weight of the map's own size, relative to the mean square of the inputs; 0 for the
            shortest of the maps that fit best.

    Returns:
        [P, Q], to be used as ``inputs @ map``.
    """
    inputs, targets = np.asarray(inputs, float), np.asarray(targets, float)
    if not ridge:
        return np.linalg.lstsq(inputs, targets, rcond=None)[0]
    gram = inputs.T @ inputs
    weight = ridge * np.trace(gram) / len(gram)
    return np.linalg.solve(gram + weight * np.eye(len(gram)), inputs.T @ targets)


def linear_errors(
    source: np.ndarray, target: np.ndarray, fit_on: np.ndarray, ridge: float = 0.0
) -> np.ndarray:
    """Distance of every mapped point from its target on all faces.

    Args:
        source: [N, K, 2].
        target: [N, L, 2].
        fit_on: indices of the faces that the map is fitted on.
        ridge: as in `fit_linear`.

    Returns:
        [N, L], in the unit of the points.
    """
    flat, wanted = source.reshape(len(source), -1), target.reshape(len(target), -1)
    mapped = flat @ fit_linear(flat[fit_on], wanted[fit_on], ridge)
    return np.linalg.norm((mapped - wanted).reshape(target.shape), axis=-1)


@dataclass(frozen=True)
class FaceSet:
    """Discovered and annotated points of the same faces; units of the crop's side."""

    discovered: np.ndarray  # [N, K, 2]
    annotated: np.ndarray  # [N, L, 2]
    eyes: np.ndarray  # [N], eye distance
    groups: tuple[str, ...] = ()  # N names of subsets

    def __len__(self) -> int:
        return len(self.eyes)


@dataclass(frozen=True)
class Score:
    """One linear probe on one draw of faces; errors in % of the eye distance."""

    faces: int  # that the map was fitted on
    seed: int
    forward_mean: float
    forward_median: float
    backward_mean: float
    backward_median: float
    forward_by_group: dict[str, float]  # mean

    def to_dict(self) -> dict:
        """Plain values."""
        return asdict(self)


def score(
    fit: FaceSet, held_out: FaceSet, num: int | None, seed: int = 0, ridge: float = 0.0
) -> Score:
    """Fit on `num` faces of `fit`, drawn with `seed` (all where None), and score on the others.

    Raises:
        UserError: `fit` has fewer faces, or there is nothing to score.
    """
    if num is not None and not 0 < num <= len(fit):
        raise UserError(f'a linear probe on {num} faces: there are 1 to {len(fit)} to fit it on')
    if not len(held_out):
        raise UserError('a linear probe has no face to be scored on')
    chosen = np.arange(len(fit))
    if num is not None:
        chosen = np.random.default_rng(seed).choice(len(fit), num, replace=False)
    discovered = np.concatenate([fit.discovered, held_out.discovered])
    annotated = np.concatenate([fit.annotated, held_out.annotated])

    def per_face(source: np.ndarray, target: np.ndarray) -> np.ndarray:
        errors = linear_errors(source, target, chosen, ridge)[len(fit) :]
        return 100 * errors.mean(-1) / held_out.eyes

    forward, backward = per_face(discovered, annotated), per_face(annotated, discovered)
    groups = np.array(held_out.groups)
    return Score(
        faces=len(chosen),
        seed=seed,
        forward_mean=float(forward.mean()),
        forward_median=float(np.median(forward)),
        backward_mean=float(backward.mean()),
        backward_median=float(np.median(backward)),
        forward_by_group={str(g): float(forward[groups == g].mean()) for g in np.unique(groups)},
    )


def best_ridge(
    fit: FaceSet, val: FaceSet, num: int | None, seeds: Sequence[int], ridges: Sequence[float]
) -> float:
    """Of `ridges`, the one with the smallest mean forward error on `val`; the first of equals."""
    means = [np.mean([score(fit, val, num, s, r).forward_mean for s in seeds]) for r in ridges]
    return float(ridges[int(np.argmin(means))])
