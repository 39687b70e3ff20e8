"""`mp.solutions.drawing_utils`: points and links on a picture, in place, as MediaPipe does it."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import cv2
import numpy as np

from fanet_mmpose.mediapipe.landmarks import MeshFace, NormalizedLandmark
from fanet_mmpose.mediapipe.solutions.face_detection import Detection

RED_COLOR, GREEN_COLOR = (0, 0, 255), (0, 255, 0)  # blue first
BLUE_COLOR, WHITE_COLOR = (255, 0, 0), (224, 224, 224)


@dataclass
class DrawingSpec:
    """How a point or a link looks; `color` is in the picture's order of channels."""

    color: tuple[int, int, int] = WHITE_COLOR
    thickness: int = 2
    circle_radius: int = 2


def _normalized_to_pixel_coordinates(
    x: float, y: float, width: int, height: int
) -> tuple[int, int] | None:
    """Pixel of a place given in shares; None outside the picture, and for absent landmarks."""
    if not (0 <= x <= 1 and 0 <= y <= 1):
        return None
    return min(math.floor(x * width), width - 1), min(math.floor(y * height), height - 1)


def draw_landmarks(
    image: np.ndarray,
    landmark_list: MeshFace,
    connections: Iterable[tuple[int, int]] | None = None,
    landmark_drawing_spec: DrawingSpec | None = DrawingSpec(color=RED_COLOR),  # noqa: B008
    connection_drawing_spec: DrawingSpec | None = DrawingSpec(),  # noqa: B008
) -> None:
    """Draw the known landmarks of a face, and the links between them, on `image` [H, W, 3].

    None instead of a spec leaves points or links out.
    """
    places = {
        number: place
        for number, landmark in enumerate(landmark_list.landmark)
        if (place := _place(landmark, image)) is not None
    }
    if connection_drawing_spec:
        for first, second in connections or ():
            if first in places and second in places:
                spec = connection_drawing_spec
                cv2.line(image, places[first], places[second], spec.color, spec.thickness)
    if landmark_drawing_spec:
        spec = landmark_drawing_spec
        for place in places.values():
            cv2.circle(image, place, spec.circle_radius, spec.color, spec.thickness)


def draw_detection(
    image: np.ndarray,
    detection: Detection,
    keypoint_drawing_spec: DrawingSpec = DrawingSpec(color=RED_COLOR),  # noqa: B008
    bbox_drawing_spec: DrawingSpec = DrawingSpec(),  # noqa: B008
) -> None:
    """Draw a face's box and its six points on `image` [H, W, 3]."""
    height, width = image.shape[:2]
    box, spec = detection.location_data.relative_bounding_box, bbox_drawing_spec
    corners = [(box.xmin, box.ymin), (box.xmin + box.width, box.ymin + box.height)]
    first, second = ((round(x * width), round(y * height)) for x, y in corners)
    cv2.rectangle(image, first, second, spec.color, spec.thickness)
    for point in detection.location_data.relative_keypoints:
        place = _normalized_to_pixel_coordinates(point.x, point.y, width, height)
        if place is not None:
            spec = keypoint_drawing_spec
            cv2.circle(image, place, spec.circle_radius, spec.color, spec.thickness)


def _place(landmark: NormalizedLandmark, image: np.ndarray) -> tuple[int, int] | None:
    height, width = image.shape[:2]
    return _normalized_to_pixel_coordinates(landmark.x, landmark.y, width, height)
