"""What most users need, by one import each."""

from __future__ import annotations

from fanet_mmpose.inference.face_landmarks import FaceLandmarks
from fanet_mmpose.inference.landmarker import FaceLandmarker
from fanet_mmpose.inference.pretrained import from_pretrained
from fanet_mmpose.inference.tracker import FaceTracker
from fanet_mmpose.weights import load_model

__all__ = ['FaceLandmarker', 'FaceLandmarks', 'FaceTracker', 'from_pretrained', 'load_model']
