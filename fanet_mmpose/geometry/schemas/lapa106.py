"""LaPa, 106 points. Liu et al., "A New Dataset and Boundary-Attention Semantic Segmentation for
Face Parsing", AAAI 2020."""

from __future__ import annotations

from fanet_mmpose.geometry.schemas.point_schema import PointSchema, chain_links, numbered_names

LAPA106 = PointSchema(
    name='lapa106',
    dataset_name='lapa',
    point_names=numbered_names(106),
    flip_pairs=(
        *((i, 32 - i) for i in range(16)),
        *((33 + i, 46 - i) for i in range(5)),
        *((38 + i, 50 - i) for i in range(4)),
        *((55 + i, 65 - i) for i in range(5)),
        *((66, 79), (67, 78), (68, 77), (69, 76), (70, 75), (71, 82), (72, 81), (73, 80)),
        (74, 83),
        *((84, 90), (85, 89), (86, 88), (91, 95), (92, 94)),
        *((96, 100), (97, 99), (101, 103)),
        (104, 105),
    ),
    skeleton=(
        *chain_links(range(33)),
        *chain_links(range(33, 42), closed=True),
        *chain_links(range(42, 51), closed=True),
        *chain_links(range(51, 55)),
        *chain_links(range(55, 66)),
        *chain_links(range(66, 74), closed=True),
        *chain_links(range(75, 83), closed=True),
        *chain_links(range(84, 96), closed=True),
        *chain_links(range(96, 104), closed=True),
    ),
    parts={
        'contour': tuple(range(33)),
        'brows': tuple(range(33, 51)),
        'eyes': (*range(66, 84), 104, 105),
        'nose': tuple(range(51, 66)),
        'mouth': tuple(range(84, 104)),
    },
    eye_corners=((66,), (79,)),
    pupils=((104,), (105,)),
    # MMPose's own: outline 0.8, brows and nose 1, eyes 2, mouth 1.5.
    joint_weights=(
        *[0.8] * 33,
        *[1.0] * 33,
        *[2.0] * 8,
        1.0,
        *[2.0] * 8,
        1.0,
        *[1.5] * 20,
        *[1.0] * 2,
    ),
)
