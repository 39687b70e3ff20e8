"""Recall against false boxes: detectors compared at equal alarm, whatever their scores mean."""

from __future__ import annotations

import numpy as np


def first_hits(scores: np.ndarray, overlaps: np.ndarray, hit: float) -> np.ndarray:
    """Which boxes of one picture with one face are right: [N] bool.

    Only the box of the highest score that overlaps the face by `hit` is; a second one is a
    false box, as in PASCAL VOC.

    Args:
        scores: [N], larger is surer.
        overlaps: [N] with the face's box.
        hit: least overlap of a right box.
    """
    right = np.zeros(len(scores), bool)
    near = np.flatnonzero(np.asarray(overlaps) >= hit)
    if len(near):
        right[near[np.argmax(np.asarray(scores)[near])]] = True
    return right


def recall_at(scores: np.ndarray, right: np.ndarray, faces: int, false_boxes: float) -> float:
    """Largest recall that a threshold reaches with at most so many false boxes a picture.

    Args:
        scores: [N] of all boxes of all pictures.
        right: [N] bool.
        faces: how many there are, one a picture.
        false_boxes: allowed, per picture.
    """
    order = np.argsort(-np.asarray(scores, float), kind='stable')
    scores, right = np.asarray(scores, float)[order], np.asarray(right, bool)[order]
    # A threshold lies between two different scores.
    possible = np.append(scores[1:] != scores[:-1], True)[: len(scores)]
    possible &= np.cumsum(~right) <= false_boxes * faces
    return float(np.cumsum(right)[possible].max(initial=0) / faces)
