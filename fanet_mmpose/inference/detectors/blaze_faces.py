"""From BlazeFace's anchors to faces: one for each, with the tight box of its points and its roll.

The network's box goes from the brows to the chin and stands upright however the face lies. The
tight box of 68 points in the face's own frame is read from the six points instead.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from fanet_mmpose.geometry.boxes import iou
from fanet_mmpose.geometry.roll import roll_of_axes, turned
from fanet_mmpose.inference.detectors.blaze_mapping import MAPPINGS
from fanet_mmpose.inference.detectors.blaze_network import (
    LEFT_EYE,
    MOUTH,
    RIGHT_EYE,
    BlazeNetwork,
    RawFaces,
)
from fanet_mmpose.inference.detectors.detector import Detections
from fanet_mmpose.inference.detectors.views import Pyramid, View

SAME = 0.3  # overlap from which two anchors, or two looks, see one face; MediaPipe's
LEAST_SIDE = 4.0  # px of a look; less is no face


def look_at(
    network: BlazeNetwork, pyramid: Pyramid, views: Iterable[View], min_score: float
) -> list[Detections]:
    """The faces in each view, all of one size, in pixels of the picture."""
    views = list(views)
    pictures = np.stack([pyramid.look(view) for view in views])
    raw = network(pictures, min_score)
    return [to_faces(merge(one), view, network.kind) for one, view in zip(raw, views, strict=True)]


def merge(raw: RawFaces) -> RawFaces:
    """One entry for each face: the mean over its anchors by their scores, and the highest score."""
    raw = raw[raw.sides >= LEAST_SIDE]
    raw = raw[np.argsort(-raw.scores, kind='stable')]
    if not len(raw.scores):
        return raw
    weights = np.stack(_groups(raw)) * raw.scores
    points = raw.points.reshape(len(raw.points), -1)
    values = np.column_stack([raw.centers, raw.sides, points])  # one product for all of them
    means = weights @ values / weights.sum(axis=1, keepdims=True)
    points = means[:, 3:].reshape(len(means), -1, 2)
    return RawFaces(means[:, :2], means[:, 2], points, weights.max(axis=1))


def _groups(raw: RawFaces) -> list[np.ndarray]:
    """Masks [M] of the anchors of each face, for anchors by descending score."""
    half = raw.sides[:, None] / 2
    boxes = np.concatenate([raw.centers - half, raw.centers + half], axis=1)
    groups, left = [], np.ones(len(boxes), bool)
    while left.any():
        first = int(left.argmax())
        # It is of its own group, whatever is computed for the overlap with itself.
        groups.append(left & (iou(boxes[first], boxes) >= SAME))
        groups[-1][first] = True
        left &= ~groups[-1]
    return groups


def to_faces(raw: RawFaces, view: View, kind: str) -> Detections:
    """Merged entries of a look in pixels of the picture."""
    if not len(raw.scores):
        return Detections([], [])
    eyes = raw.points[:, LEFT_EYE] - raw.points[:, RIGHT_EYE]
    middle = (raw.points[:, LEFT_EYE] + raw.points[:, RIGHT_EYE]) / 2
    rolls = roll_of_axes(eyes, raw.points[:, MOUTH] - middle)
    frames = squares_round_68(raw, rolls, kind)
    centers, half = view.to_picture(frames[:, :2]), frames[:, 2:] / view.scale / 2
    # The look turned the picture clockwise: what is upright there leans the other way here.
    upright = (rolls - view.angle + 180) % 360 - 180
    square = np.concatenate([centers - half, centers + half], 1)
    return Detections(square, raw.scores, upright, raw.scores)


def squares_round_68(raw: RawFaces, rolls: np.ndarray, kind: str) -> np.ndarray:
    """[M, 3] middle x, y and side of the squares round the 68 points, in pixels of the look.

    Args:
        raw: merged entries.
        rolls: [M] of the faces in the look, degrees.
        kind: of the network.
    """
    sides = raw.sides[:, None]
    points = (raw.points - raw.centers[:, None]) / sides[:, None]
    upright = turned(points, -rolls[:, None]).reshape(len(rolls), -1)
    squares = MAPPINGS[kind][0] + upright @ MAPPINGS[kind][1:]
    middles = raw.centers + sides * turned(squares[:, :2], rolls)
    return np.column_stack([middles, sides * squares[:, 2:]])
