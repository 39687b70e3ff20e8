"""What is measured: this package's pipeline, and peers behind the same two questions."""

from __future__ import annotations

from typing import Protocol

import cv2
import numpy as np

from fanet_mmpose.errors import UserError
from fanet_mmpose.evaluation.face_mesh import FaceMesh
from fanet_mmpose.inference.landmarker import FaceLandmarker


class Subject(Protocol):
    """Something that finds the points of faces."""

    name: str

    def find(self, image: np.ndarray) -> list[np.ndarray]:
        """Points [K, 2] px of every face in a picture, blue first."""
        ...

    def inside(self, image: np.ndarray, box: np.ndarray) -> np.ndarray | None:
        """Points [K, 2] px of the face in a box [4]; None where this cannot be asked."""
        ...


class Pipeline:
    """A model of this package behind a detector; arguments as of `FaceLandmarker`."""

    def __init__(self, landmarker: FaceLandmarker) -> None:
        self.landmarker, self.name = landmarker, landmarker.info.name

    def find(self, image: np.ndarray) -> list[np.ndarray]:
        """As `Subject`."""
        return [face.points for face in self.landmarker(image)]

    def inside(self, image: np.ndarray, box: np.ndarray) -> np.ndarray | None:
        """As `Subject`."""
        return self.landmarker.find([image], [box[None]])[0][0].points


class MediaPipeMesh:
    """MediaPipe's mesh with its own detector; its contour is another, read the inner points.

    Raises:
        UserError: MediaPipe is missing or too new.
    """

    name = 'MediaPipe FaceMesh'

    def __init__(self) -> None:
        self._mesh = FaceMesh()

    def find(self, image: np.ndarray) -> list[np.ndarray]:
        """As `Subject`; one face at most."""
        self._mesh.reset()
        points = self._mesh(image)
        return [] if points is None else [points]

    def inside(self, image: np.ndarray, box: np.ndarray) -> np.ndarray | None:
        """It has no such question."""
        return None


class Dlib:
    """dlib's 68 points (Kazemi and Sullivan, 2014) with its frontal detector.

    Raises:
        UserError: dlib or its model is missing.
    """

    name = 'dlib'

    def __init__(self) -> None:
        try:
            import dlib
            import face_recognition_models as models
        except ImportError as error:
            raise UserError(
                'dlib needs its wheels: pip install dlib-bin face_recognition_models'
            ) from error
        self._dlib, self._detect = dlib, dlib.get_frontal_face_detector()
        self._predict = dlib.shape_predictor(models.pose_predictor_model_location())

    def find(self, image: np.ndarray) -> list[np.ndarray]:
        """As `Subject`; the picture is enlarged once, as dlib's users do for small faces."""
        rgb = cv2.cvtColor(image, cv2.COLOR_BGR2RGB)
        return [self._points(rgb, box) for box in self._detect(rgb, 1)]

    def inside(self, image: np.ndarray, box: np.ndarray) -> np.ndarray | None:
        """As `Subject`."""
        corners = [int(value) for value in np.round(box)]
        rectangle = self._dlib.rectangle(*corners)
        return self._points(cv2.cvtColor(image, cv2.COLOR_BGR2RGB), rectangle)

    def _points(self, rgb: np.ndarray, box: object) -> np.ndarray:
        shape = self._predict(rgb, box)
        return np.array([(part.x, part.y) for part in shape.parts()], float)


PEERS = {'mediapipe': MediaPipeMesh, 'dlib': Dlib}
