"""BlazeFace (Bazarevsky et al., arXiv 1907.05047) with the boxes that MediaPipe gives.

The networks are MediaPipe's, exported to ONNX. MediaPipe itself is not needed: its `solutions`
interface, which this detector once asked, is gone since 0.10.30.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from fanet_mmpose.inference.detectors.blaze_faces import merge
from fanet_mmpose.inference.detectors.blaze_network import BlazeNetwork, RawFaces
from fanet_mmpose.inference.detectors.box_mapping import BoxMapping
from fanet_mmpose.inference.detectors.detector import Detections, register_detector
from fanet_mmpose.inference.detectors.views import Pyramid, square_view, whole

KINDS = ('short', 'full')  # by MediaPipe's `model_selection`
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
        UserError: the network's file is missing or damaged.
    """

    def __init__(self, options: MediaPipeOptions | None = None) -> None:
        self.mapping = MAPPING
        self._min_score = (options or MediaPipeOptions()).min_score
        _network(KINDS[0])  # a missing file is told before the first picture

    def __call__(self, image: np.ndarray, name: str = '') -> Detections:
        """Faces in `image`; scores are the network's, in (0, 1)."""
        boxes, scores = self.raw(image)
        return Detections(self.mapping(boxes), scores)

    def raw(self, image: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The network's own boxes [N, 4], px of the image, and their scores [N]."""
        found = look(image, KINDS[0], self._min_score)
        half = found.sides[:, None] / 2
        return np.concatenate([found.centers - half, found.centers + half], 1), found.scores


def look(image: np.ndarray, kind: str, min_score: float) -> RawFaces:
    """One look of a network at a whole picture, one entry for each face, by descending score.

    Args:
        image: uint8 [H, W, 3], blue first.
        kind: of `KINDS`.
        min_score: faces below it are left out.

    Returns:
        Boxes and six points in pixels of the picture, pixel centres at integers.
    """
    network = _network(kind)
    view = square_view(whole(image), network.layout.side)
    found = merge(network(Pyramid(image).look(view)[None], min_score)[0])
    points = view.to_picture(found.points.reshape(-1, 2)).reshape(-1, 6, 2)
    return RawFaces(view.to_picture(found.centers), found.sides / view.scale, points, found.scores)


@lru_cache(maxsize=2)
def _network(kind: str) -> BlazeNetwork:
    return BlazeNetwork(kind)
