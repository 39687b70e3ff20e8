"""What a face is like, as numbers: how it is turned and moved, and how it is lit."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from fanet_mmpose.geometry.similarity import apply_similarity, fit_similarity
from fanet_mmpose.labelling.faces import FoundFace

FREQUENCIES = 8  # along each side of the patch's cosine transform
_ROUNDS = 3  # of laying the shapes on their mean


def describe(faces: Sequence[FoundFace]) -> np.ndarray:
    """[N, D]: shape without position, size and roll, and the coarse look of the patch.

    Both halves have a mean squared distance of 1 from their mean, so neither outweighs the other.
    """
    shapes = align_shapes(np.stack([face.found.points for face in faces]))
    looks = np.stack([coarse_look(face.patch) for face in faces])
    return np.hstack([_to_unit(shapes.reshape(len(faces), -1)), _to_unit(looks)])


def align_shapes(shapes: np.ndarray) -> np.ndarray:
    """[N, K, 2] laid on their common mean by rotation, scale and shift.

    Generalised Procrustes analysis (Gower, Psychometrika 40, 1975).
    """
    middles = shapes.mean(axis=1, keepdims=True)
    sizes = np.linalg.norm(shapes - middles, axis=(1, 2), keepdims=True)
    aligned = (shapes - middles) / np.maximum(sizes, 1e-9)
    for _ in range(_ROUNDS):
        mean = aligned.mean(axis=0)
        mean /= max(np.linalg.norm(mean), 1e-9)
        aligned = apply_similarity(fit_similarity(aligned, mean), aligned)
    return aligned


def coarse_look(patch: np.ndarray) -> np.ndarray:
    """[FREQUENCIES²] lowest frequencies of a grey patch [S, S]: light, contrast, what covers it."""
    return cv2.dct(patch.astype(np.float32) / 255)[:FREQUENCIES, :FREQUENCIES].ravel()


def _to_unit(values: np.ndarray) -> np.ndarray:
    centred = values - values.mean(axis=0)
    return centred / max(float(np.sqrt((centred**2).sum(axis=1).mean())), 1e-9)
