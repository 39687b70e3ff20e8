"""MediaPipe's FaceMesh (Kartynnik et al., arXiv 1907.06724) as one more landmark model to measure.

Needs a MediaPipe that still has its `solutions` interface: `pip install "mediapipe<0.10.30"`.
"""

from __future__ import annotations

import cv2
import numpy as np

from fanet_mmpose.errors import UserError

# Vertex of the mesh for each of 300W's 68 points, by what the points mean. MediaPipe's contour is
# another than 300W's, so that the 51 points off it are the fair ones to compare.
JAW = (162, 234, 93, 58, 172, 136, 149, 148, 152, 377, 378, 365, 397, 288, 323, 454, 389)
BROWS = (71, 63, 105, 66, 107, 336, 296, 334, 293, 301)
NOSE = (168, 197, 5, 4, 75, 97, 2, 326, 305)
EYES = (33, 160, 158, 133, 153, 144, 362, 385, 387, 263, 373, 380)
LIPS = (61, 39, 37, 0, 267, 269, 291, 405, 314, 17, 84, 181, 78, 82, 13, 312, 308, 317, 14, 87)
VERTICES = (*JAW, *BROWS, *NOSE, *EYES, *LIPS)


class FaceMesh:
    """68 points of the one face in a picture.

    Args:
        refined: with the attention mesh (Grishchenko et al., arXiv 2006.10962).

    Raises:
        UserError: MediaPipe is missing or too new.
    """

    def __init__(self, refined: bool = False) -> None:
        try:
            from mediapipe.python.solutions.face_mesh import FaceMesh as Solution
        except ImportError as error:
            raise UserError('FaceMesh needs MediaPipe: pip install "mediapipe<0.10.30"') from error
        # Not static: a second look at the same picture is spared the detector.
        self._mesh = Solution(static_image_mode=False, refine_landmarks=refined)

    def reset(self) -> None:
        """Forget the last face: the next picture is searched from anew."""
        self._mesh.reset()

    def __call__(self, image: np.ndarray) -> np.ndarray | None:
        """Points [68, 2] in pixels of `image` [H, W, 3], blue first; None without a face."""
        found = self._mesh.process(cv2.cvtColor(image, cv2.COLOR_BGR2RGB)).multi_face_landmarks
        if not found:
            return None
        shares = np.array([(p.x, p.y) for p in found[0].landmark])[list(VERTICES)]
        return shares * image.shape[1::-1] - 0.5
