"""From BlazeFace's anchors to faces: one for each, with the tight box of its points and its roll.

The network's box goes from the brows to the chin and stands upright however the face lies. The
tight box of 68 points in the face's own frame is read from the six points instead.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

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
    groups = list(_groups(raw))
    if not groups:
        return raw
    points = raw.points.reshape(len(raw.points), -1)
    values = np.column_stack([raw.centers, raw.sides, points])  # one product for all of them
    means = np.stack([raw.scores[own] @ values[own] / raw.scores[own].sum() for own in groups])
    scores = np.array([raw.scores[own].max() for own in groups])
    return RawFaces(means[:, :2], means[:, 2], means[:, 3:].reshape(len(means), -1, 2), scores)


def _groups(raw: RawFaces) -> Iterator[np.ndarray]:
    """Indices of the anchors of each face, by descending score of the face."""
    left = np.flatnonzero(raw.sides >= LEAST_SIDE)
    left = left[np.argsort(-raw.scores[left], kind='stable')]
    half = raw.sides[:, None] / 2
    boxes = np.concatenate([raw.centers - half, raw.centers + half], axis=1)
    while len(left):
        same = iou(boxes[left[0]], boxes[left]) >= SAME
        yield left[same]
        left = left[~same]


def to_faces(raw: RawFaces, view: View, kind: str) -> Detections:
    """Merged entries of a look in pixels of the picture."""
    eyes = raw.points[:, LEFT_EYE] - raw.points[:, RIGHT_EYE]
    middle = (raw.points[:, LEFT_EYE] + raw.points[:, RIGHT_EYE]) / 2
    rolls = roll_of_axes(eyes, raw.points[:, MOUTH] - middle)
    boxes = [
        square_round_68(center, side, points, roll, kind)
        for center, side, points, roll in zip(
            raw.centers, raw.sides, raw.points, rolls, strict=True
        )
    ]
    frames = np.array(boxes).reshape(-1, 3)
    centers, half = view.to_picture(frames[:, :2]), frames[:, 2:] / view.scale / 2
    # The look turned the picture clockwise: what is upright there leans the other way here.
    upright = (rolls - view.angle + 180) % 360 - 180
    square = np.concatenate([centers - half, centers + half], 1)
    return Detections(square, raw.scores, upright, raw.scores)


def square_round_68(
    center: np.ndarray, side: float, points: np.ndarray, roll: float, kind: str
) -> np.ndarray:
    """Middle x, y and side of the square round the 68 points, in pixels of the look.

    Args:
        center, side: [2], of the network's box.
        points: [6, 2].
        roll: of the face in the look, degrees.
        kind: of the network.
    """
    upright = turned((points - center) / side, -roll)
    x, y, scale = np.append(1.0, upright.reshape(-1)) @ MAPPINGS[kind]
    middle = center + side * turned(np.array([x, y]), roll)
    return np.append(middle, side * scale)
