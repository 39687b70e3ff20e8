"""WFLW, 98 points. Wu et al., "Look at Boundary", CVPR 2018 (arXiv 1805.10483)."""

from __future__ import annotations

from fanet_mmpose.geometry.schemas.point_schema import PointSchema, chain_links, numbered_names

WFLW98 = PointSchema(
    name='wflw98',
    dataset_name='wflw',
    point_names=numbered_names(98),
    flip_pairs=(
        *((i, 32 - i) for i in range(16)),
        *((33 + i, 46 - i) for i in range(5)),
        *((38 + i, 50 - i) for i in range(4)),
        *((55, 59), (56, 58)),
        *((60, 72), (61, 71), (62, 70), (63, 69), (64, 68), (65, 75), (66, 74), (67, 73)),
        *((76, 82), (77, 81), (78, 80), (83, 87), (84, 86)),
        *((88, 92), (89, 91), (93, 95)),
        (96, 97),
    ),
    skeleton=(
        *chain_links(range(33)),
        *chain_links(range(33, 42), closed=True),
        *chain_links(range(42, 51), closed=True),
        *chain_links(range(51, 55)),
        *chain_links(range(55, 60)),
        *chain_links(range(60, 68), closed=True),
        *chain_links(range(68, 76), closed=True),
        *chain_links(range(76, 88), closed=True),
        *chain_links(range(88, 96), closed=True),
    ),
    parts={
        'contour': tuple(range(33)),
        'brows': tuple(range(33, 51)),
        'eyes': (*range(60, 76), 96, 97),
        'nose': tuple(range(51, 60)),
        'mouth': tuple(range(76, 96)),
    },
    eye_corners=((60,), (72,)),
    pupils=((96,), (97,)),
)
