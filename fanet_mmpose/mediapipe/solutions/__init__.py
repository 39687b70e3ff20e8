"""`face_mesh`, `face_detection` and `drawing_utils`; MediaPipe's other solutions are absent."""

from __future__ import annotations

from fanet_mmpose.mediapipe.solutions import drawing_utils, face_detection, face_mesh

__all__ = ['drawing_utils', 'face_detection', 'face_mesh']
