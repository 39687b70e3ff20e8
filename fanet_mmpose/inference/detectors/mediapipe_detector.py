"""BlazeFace (Bazarevsky et al., arXiv 1907.05047) as MediaPipe ships it, if that is installed."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from fanet_mmpose.errors import UserError
from fanet_mmpose.inference.detectors.box_mapping import BoxMapping
from fanet_mmpose.inference.detectors.detector import Detections, register_detector

INSTALL = 'pip install "mediapipe<0.10.30"'  # later ones have neither this interface nor the model
SHORT_RANGE = 0  # the model for faces within two metres
# Not fitted: its boxes go from the brows to the chin, as tight boxes do.
MAPPING = BoxMapping()


@dataclass(frozen=True)
class MediaPipeOptions:
    """What is a face.

    Attributes:
        min_score: boxes of a lower score are none.
    """

    min_score: float = 0.5


@register_detector('mediapipe')
class MediaPipeFaces:
    """MediaPipe's short-range model.

    Args:
        options: see `MediaPipeOptions`.

    Raises:
        UserError: MediaPipe is missing or too new.
    """

    def __init__(self, options: MediaPipeOptions | None = None) -> None:
        try:
            from mediapipe.python.solutions.face_detection import FaceDetection
        except ImportError as error:
            raise UserError(f'detector mediapipe needs MediaPipe: {INSTALL}') from error
        self.mapping = MAPPING
        self._network = FaceDetection((options or MediaPipeOptions()).min_score, SHORT_RANGE)

    def __call__(self, image: np.ndarray, name: str = '') -> Detections:
        """Faces in `image`; scores are the network's, in (0, 1)."""
        boxes, scores = self.raw(image)
        return Detections(self.mapping(boxes), scores)

    def raw(self, image: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The network's own boxes [N, 4], px of the image, and their scores [N]."""
        found = self._network.process(cv2.cvtColor(image, cv2.COLOR_BGR2RGB)).detections or []
        shares = [face.location_data.relative_bounding_box for face in found]
        boxes = np.array([[s.xmin, s.ymin, s.width, s.height] for s in shares], float)
        boxes = boxes.reshape(-1, 4) * np.tile(image.shape[1::-1], 2)
        boxes[:, 2:] += boxes[:, :2]
        return boxes, np.array([face.score[0] for face in found], float)
