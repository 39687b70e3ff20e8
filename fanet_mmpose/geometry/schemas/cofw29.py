"""COFW, 29 points. Burgos-Artizzu et al., "Robust face landmark estimation under occlusion",
ICCV 2013."""

from __future__ import annotations

from fanet_mmpose.geometry.schemas.point_schema import PointSchema, numbered_names

COFW29 = PointSchema(
    name='cofw29',
    dataset_name='cofw',
    point_names=numbered_names(29),
    flip_pairs=(
        *((0, 1), (2, 3), (4, 6), (5, 7)),
        *((8, 9), (10, 11), (12, 14), (13, 15), (16, 17)),
        (18, 19),
        (22, 23),
    ),
    skeleton=(
        *((0, 4), (4, 2), (2, 5), (5, 0)),
        *((1, 6), (6, 3), (3, 7), (7, 1)),
        *((8, 12), (12, 10), (10, 13), (13, 8)),
        *((9, 14), (14, 11), (11, 15), (15, 9)),
        *((18, 20), (20, 19), (19, 21), (21, 18)),
        *((22, 24), (24, 23), (22, 25), (25, 23)),
        *((22, 26), (26, 23), (22, 27), (27, 23)),
    ),
    parts={
        'contour': (28,),
        'brows': tuple(range(8)),
        'eyes': tuple(range(8, 18)),
        'nose': tuple(range(18, 22)),
        'mouth': tuple(range(22, 28)),
    },
    eye_corners=((8,), (9,)),
    pupils=((16,), (17,)),
)
