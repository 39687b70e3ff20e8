"""`mp.solutions.face_detection`: MediaPipe's own networks, run by ONNX Runtime."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from fanet_mmpose.errors import UserError
from fanet_mmpose.inference.detectors.mediapipe_detector import KINDS, look
from fanet_mmpose.mediapipe.solution import Solution, blue_first


class FaceKeyPoint(IntEnum):
    """Right and left are the person's."""

    RIGHT_EYE = 0
    LEFT_EYE = 1
    NOSE_TIP = 2
    MOUTH_CENTER = 3
    RIGHT_EAR_TRAGION = 4
    LEFT_EAR_TRAGION = 5


@dataclass(frozen=True)
class RelativeKeypoint:
    """Shares of the picture's width and height."""

    x: float
    y: float


@dataclass(frozen=True)
class RelativeBoundingBox:
    """Corner and size as shares of the picture's width and height."""

    xmin: float
    ymin: float
    width: float
    height: float


@dataclass(frozen=True)
class LocationData:
    """The network's box and its six points, in the order of `FaceKeyPoint`."""

    relative_bounding_box: RelativeBoundingBox
    relative_keypoints: Sequence[RelativeKeypoint]


@dataclass(frozen=True)
class Detection:
    """A face; `score` has one number in (0, 1)."""

    score: Sequence[float]
    location_data: LocationData
    label_id: Sequence[int] = (0,)


@dataclass(frozen=True)
class FaceDetectionResults:
    """Attributes: `detections`: by descending score, None where there is none."""

    detections: list[Detection] | None


def get_key_point(detection: Detection, which: FaceKeyPoint) -> RelativeKeypoint:
    """One of the six points."""
    return detection.location_data.relative_keypoints[which]


class FaceDetection(Solution):
    """Faces of one look at a picture.

    Args:
        min_detection_confidence: faces of a lower score are left out.
        model_selection: 0: faces within two metres; 1: within five.

    Raises:
        UserError: an argument is out of its range, or the network's file is missing or damaged.
    """

    def __init__(self, min_detection_confidence: float = 0.5, model_selection: int = 0) -> None:
        if model_selection not in (0, 1) or not 0 < min_detection_confidence < 1:
            raise UserError('FaceDetection: model_selection is 0 or 1, the confidence in (0, 1)')
        self._kind, self._least = KINDS[model_selection], min_detection_confidence

    def process(self, image: np.ndarray) -> FaceDetectionResults:
        """Faces of a picture, uint8 [H, W, 3] red first. Raises `UserError` for another array."""
        found = look(blue_first(image), self._kind, self._least)
        size = np.array(image.shape[1::-1], float)
        faces = zip(found.centers, found.sides, found.points, found.scores, strict=True)
        return FaceDetectionResults([_detection(*face, size) for face in faces] or None)


def _detection(
    center: np.ndarray, side: float, points: np.ndarray, score: float, size: np.ndarray
) -> Detection:
    """Pixels with centres at integers to shares of a picture of `size`."""
    corner = (center + 0.5 - side / 2) / size
    box = RelativeBoundingBox(*corner.tolist(), *(side / size).tolist())
    shares = (points + 0.5) / size
    return Detection(
        [float(score)], LocationData(box, [RelativeKeypoint(*xy) for xy in shares.tolist()])
    )
