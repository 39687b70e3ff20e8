"""What an NME is made of: a constant offset of each point, and where along the outline it errs.

A constant offset is a matter of definition: the model marks another place than the annotators. It
is measured in the face's own frame, so that a tilted head does not hide it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class ErrorSplit:
    """All in % of the normaliser, means over faces and points.

    Attributes:
        nme: the whole error.
        without_offsets: once each point's mean offset over all faces is taken away.
        outline_along: of the outline, along it (absolute).
        outline_across: of the outline, across it (absolute).
    """

    nme: float
    without_offsets: float
    outline_along: float
    outline_across: float


def face_frames(truth: np.ndarray, left: int, right: int) -> tuple[np.ndarray, np.ndarray]:
    """Rotations [N, 2, 2] into the frames of faces, and their normalisers [N].

    Args:
        truth: [N, K, 2] px.
        left, right: points on the line between the eyes, image-left first; their distance is
            the normaliser, their direction the x axis.
    """
    axis = truth[:, right] - truth[:, left]
    length = np.linalg.norm(axis, axis=-1)
    x, y = (axis / length[:, None]).T
    return np.stack([np.stack([x, y], -1), np.stack([-y, x], -1)], 1), length


def along_and_across(errors: np.ndarray, outline: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Parts of errors [N, M, 2] along and across the outline's points [N, M, 2], both [N, M]."""
    tangent = np.gradient(outline, axis=1)
    tangent /= np.maximum(np.linalg.norm(tangent, axis=-1, keepdims=True), 1e-9)
    normal = np.stack([-tangent[..., 1], tangent[..., 0]], -1)
    return (errors * tangent).sum(-1), (errors * normal).sum(-1)


def split_errors(
    predicted: np.ndarray,
    truth: np.ndarray,
    eyes: tuple[int, int] = (36, 45),
    outline: slice = slice(0, 17),
) -> ErrorSplit:
    """Split the errors of faces whose points are all labelled.

    Args:
        predicted, truth: [N, K, 2] px.
        eyes: see `face_frames`; by default the outer corners of the 68 points.
        outline: its points, in order.
    """
    turns, length = face_frames(truth, *eyes)
    errors = 100 * np.einsum('nij,nkj->nki', turns, predicted - truth) / length[:, None, None]
    turned = np.einsum('nij,nkj->nki', turns, truth)
    along, across = along_and_across(errors[:, outline], turned[:, outline])
    rest = errors - errors.mean(0)
    return ErrorSplit(
        nme=float(np.linalg.norm(errors, axis=-1).mean()),
        without_offsets=float(np.linalg.norm(rest, axis=-1).mean()),
        outline_along=float(np.abs(along).mean()),
        outline_across=float(np.abs(across).mean()),
    )
