"""Ground truth to targets and back."""

from __future__ import annotations

from fanet_mmpose.public_names import importer

_MODULES = {
    'LocalCoordinateLabel': 'local_coordinate_label',
}
__all__ = list(_MODULES)
__getattr__ = importer(__name__, _MODULES)
