"""Honest numbers: metric, results file, calibration, report. Formulas are in `geometry.nme`."""

from __future__ import annotations

from fanet_mmpose.public_names import importer

_MODULES = {
    'FaceLandmarkMetric': 'face_landmark_metric',
}
__all__ = list(_MODULES)
__getattr__ = importer(__name__, _MODULES)
