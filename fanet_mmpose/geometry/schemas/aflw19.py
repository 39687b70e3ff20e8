"""AFLW, the 19 points of Zhu et al. (CVPR 2016): the 21 of Koestinger et al. less the ears.

Results on AFLW are normalised by the face box, not by the eyes: many faces are profiles.
"""

from __future__ import annotations

from fanet_mmpose.geometry.schemas.point_schema import PointSchema, chain_links, numbered_names

AFLW19 = PointSchema(
    name='aflw19',
    dataset_name='aflw',
    point_names=numbered_names(19),
    flip_pairs=((0, 5), (1, 4), (2, 3), (6, 11), (7, 10), (8, 9), (12, 14), (15, 17)),
    skeleton=(
        *chain_links((0, 1, 2)),
        *chain_links((3, 4, 5)),
        *chain_links((6, 7, 8)),
        *chain_links((9, 10, 11)),
        *chain_links((12, 13, 14)),
        *chain_links((15, 16, 17)),
    ),
    parts={
        'contour': (18,),
        'brows': tuple(range(6)),
        'eyes': tuple(range(6, 12)),
        'nose': (12, 13, 14),
        'mouth': (15, 16, 17),
    },
    eye_corners=((6,), (11,)),
    pupils=((7,), (10,)),
)
