"""The network, in the order the data flows: spp_neck, score_map, landmark_attention,
local_coordinate_head, losses."""

from __future__ import annotations

from fanet_mmpose.public_names import importer

_MODULES = {
    'SPPNeck': 'spp_neck',
    'LandmarkAttention': 'landmark_attention',
    'NoAttention': 'landmark_attention',
    'LocalCoordinateHead': 'local_coordinate_head',
    'PointSetsHead': 'point_sets_head',
    'CoordinateLoss': 'losses',
    'LaplaceScaleLoss': 'losses',
    'ScoreMapLoss': 'losses',
}
__all__ = list(_MODULES)
__getattr__ = importer(__name__, _MODULES)
