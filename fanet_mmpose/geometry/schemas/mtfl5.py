"""MTFL, five points. Zhang et al., "Facial Landmark Detection by Deep Multi-task Learning",
ECCV 2014; face detectors report the same five."""

from __future__ import annotations

from fanet_mmpose.geometry.schemas.point_schema import PointSchema

MTFL5 = PointSchema(
    name='mtfl5',
    point_names=('left_eye', 'right_eye', 'nose', 'left_mouth_corner', 'right_mouth_corner'),
    flip_pairs=((0, 1), (3, 4)),
    skeleton=((0, 1), (0, 2), (1, 2), (2, 3), (2, 4), (3, 4)),
    parts={'eyes': (0, 1), 'nose': (2,), 'mouth': (3, 4)},
    # With five points the field calls the distance of the eye centres inter-ocular too.
    eye_corners=((0,), (1,)),
    pupils=((0,), (1,)),
)
