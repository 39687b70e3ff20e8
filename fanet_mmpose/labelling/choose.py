"""Which faces to label: spread over what there is, and among alike ones those of low confidence.

Clusters first, then the most uncertain of each: in the spirit of Zhdanov, "Diverse mini-batch
active learning", arXiv 1901.05954. With few labels typical samples help more than odd ones (Hacohen
et al., arXiv 2202.02794), so only the half of a cluster that lies nearest its middle is asked.
"""

from __future__ import annotations

import warnings

import numpy as np
from scipy.cluster.vq import kmeans2

RULES = ('spread', 'typical', 'uncertain', 'random')
_NEAR = 0.5  # share of a cluster that may be chosen from


def choose(
    descriptors: np.ndarray, uncertainty: np.ndarray, count: int, seed: int, rule: str = 'spread'
) -> np.ndarray:
    """Indices of `count` different rows, the ones to do first in front.

    Args:
        descriptors: [N, D]; near means alike.
        uncertainty: [N], larger is less sure.
        count: at most N are chosen.
        seed: the same seed chooses the same.
        rule: ``spread``, as above; ``typical``, the middle of each cluster; ``uncertain``, the
            least sure of all; ``random``.

    Returns:
        [min(count, N)]; in the order of falling uncertainty, ``random`` in none.
    """
    count = min(count, len(descriptors))
    if rule == 'random':
        return np.random.default_rng(seed).permutation(len(descriptors))[:count]
    least_sure_first = np.argsort(-uncertainty, kind='stable')
    if rule == 'uncertain' or count == len(descriptors):
        return least_sure_first[:count]
    near = _NEAR if rule == 'spread' else 0.0
    chosen = [_pick(*each, uncertainty, near) for each in _clusters(descriptors, count, seed)]
    chosen = _fill(descriptors, chosen, count)
    return np.array(sorted(chosen, key=lambda i: -uncertainty[i]))


def _clusters(
    descriptors: np.ndarray, count: int, seed: int
) -> list[tuple[np.ndarray, np.ndarray]]:
    """Members of each cluster that has any, and their distances from its middle."""
    with warnings.catch_warnings(), np.errstate(invalid='ignore'):
        warnings.simplefilter('ignore', UserWarning)  # "One of the clusters is empty": see _fill
        middles, labels = kmeans2(descriptors.astype(float), count, minit='++', rng=seed)
    distances = np.linalg.norm(descriptors - middles[labels], axis=1)
    members = [np.flatnonzero(labels == cluster) for cluster in range(count)]
    return [(own, distances[own]) for own in members if len(own)]


def _pick(own: np.ndarray, distances: np.ndarray, uncertainty: np.ndarray, near: float) -> int:
    nearest = own[np.argsort(distances, kind='stable')][: max(1, round(near * len(own)))]
    return int(nearest[np.argmax(uncertainty[nearest])])


def _fill(descriptors: np.ndarray, chosen: list[int], count: int) -> list[int]:
    """As many more as clusters were empty: each the farthest from all that are chosen."""
    away = np.full(len(descriptors), np.inf)
    chosen = list(chosen)
    for index in chosen:
        away = np.minimum(away, np.linalg.norm(descriptors - descriptors[index], axis=1))
    away[chosen] = -1
    while len(chosen) < count:
        farthest = int(np.argmax(away))
        chosen.append(farthest)
        away = np.minimum(away, np.linalg.norm(descriptors - descriptors[farthest], axis=1))
        away[chosen] = -1
    return chosen
