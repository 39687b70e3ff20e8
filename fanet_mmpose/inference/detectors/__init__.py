"""Where the faces are: one small interface, a registry, and what is behind it."""

from fanet_mmpose.inference.detectors.box_mapping import BoxMapping
from fanet_mmpose.inference.detectors.detector import (
    Detections,
    Detector,
    build_detector,
    known_detectors,
    register_detector,
)

__all__ = [
    'BoxMapping',
    'Detections',
    'Detector',
    'build_detector',
    'known_detectors',
    'register_detector',
]
