"""`mp.solutions.face_mesh`: the vertices of the mesh that 68 points know."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from fanet_mmpose.errors import UserError
from fanet_mmpose.geometry.face_mesh import NUM_REFINED, NUM_VERTICES, VERTICES
from fanet_mmpose.geometry.schemas import get_schema
from fanet_mmpose.inference.backend import DEFAULT_MODEL, Model
from fanet_mmpose.inference.landmarker import DEFAULT_DETECTOR, FaceLandmarker
from fanet_mmpose.inference.tracker import FaceTracker, TrackerOptions
from fanet_mmpose.mediapipe.landmarks import MeshFace
from fanet_mmpose.mediapipe.solution import Solution, blue_first

FACEMESH_NUM_LANDMARKS = NUM_VERTICES
FACEMESH_NUM_LANDMARKS_WITH_IRISES = NUM_REFINED
FRAME = 1 / 30  # s between two calls, as MediaPipe assumes
VIDEO_DETECTOR = 'blazeface_video'


def _links(first: int, last: int) -> frozenset[tuple[int, int]]:
    """The skeleton's links among the points [first, last), by vertex."""
    skeleton = get_schema('300w68').skeleton
    inside = [pair for pair in skeleton if all(first <= point < last for point in pair)]
    return frozenset((VERTICES[a], VERTICES[b]) for a, b in inside)


# Right and left are the person's, as in MediaPipe. The oval ends at the temples.
FACEMESH_FACE_OVAL = _links(0, 17)
FACEMESH_RIGHT_EYEBROW, FACEMESH_LEFT_EYEBROW = _links(17, 22), _links(22, 27)
FACEMESH_NOSE = _links(27, 36)
FACEMESH_RIGHT_EYE, FACEMESH_LEFT_EYE = _links(36, 42), _links(42, 48)
FACEMESH_LIPS = _links(48, 68)
FACEMESH_CONTOURS = frozenset().union(
    FACEMESH_FACE_OVAL, FACEMESH_RIGHT_EYEBROW, FACEMESH_LEFT_EYEBROW,
    FACEMESH_RIGHT_EYE, FACEMESH_LEFT_EYE, FACEMESH_LIPS,
)  # fmt: skip


@dataclass(frozen=True)
class FaceMeshResults:
    """Attributes: `multi_face_landmarks`: a `MeshFace` each face, None where there is none."""

    multi_face_landmarks: list[MeshFace] | None


class FaceMesh(Solution):
    """Landmarks of the faces in a picture, or in the frames of one video.

    Args:
        static_image_mode: every picture is searched; else faces are followed from call to call.
        max_num_faces: at most; those of the highest scores, or those followed longest.
        refine_landmarks: 478 landmarks; those of the irises are absent, which is warned of.
        min_detection_confidence: detections of a lower `FaceLandmarks.is_face` are no faces.
        min_tracking_confidence: followed faces of a lower mean point score are lost.
        model, detector: see `FaceLandmarker`; by default those of pictures or of videos.

    Raises:
        UserError: an argument is out of its range, or the model is not to be had.
    """

    def __init__(
        self,
        static_image_mode: bool = False,
        max_num_faces: int = 1,
        refine_landmarks: bool = False,
        min_detection_confidence: float = 0.5,
        min_tracking_confidence: float = 0.5,
        model: str | Model = DEFAULT_MODEL,
        detector: str | None = None,
    ) -> None:
        shares = (min_detection_confidence, min_tracking_confidence)
        if max_num_faces < 1 or not all(0 <= share <= 1 for share in shares):
            raise UserError('FaceMesh: max_num_faces is 1 or more, confidences are from 0 to 1')
        if refine_landmarks:
            warnings.warn('FaceMesh: landmarks 468 to 477, the irises, are absent', stacklevel=2)
        self._static, self._most = static_image_mode, max_num_faces
        self._count = NUM_REFINED if refine_landmarks else NUM_VERTICES
        self._find = FaceLandmarker(
            model,
            detector or (DEFAULT_DETECTOR if static_image_mode else VIDEO_DETECTOR),
            min_face=min_detection_confidence,
        )
        self._options = TrackerOptions(min_tracking_confidence)
        self.reset()

    def process(self, image: np.ndarray) -> FaceMeshResults:
        """Faces of a picture, uint8 [H, W, 3] red first. Raises `UserError` for another array."""
        picture = blue_first(image)
        if self._static:
            faces = sorted(self._find(picture), key=lambda face: -face.score)
        else:
            self._calls += 1
            found = self._track(picture, self._calls * FRAME)
            faces = sorted(found, key=lambda face: face.track_id or 0)
        size = image.shape[1], image.shape[0]
        return _results(MeshFace(face, size, self._count) for face in faces[: self._most])

    def reset(self) -> None:
        """Forget the faces followed."""
        self._track, self._calls = FaceTracker(self._find, self._options), 0


def _results(faces: Iterable[MeshFace]) -> FaceMeshResults:
    return FaceMeshResults(list(faces) or None)
