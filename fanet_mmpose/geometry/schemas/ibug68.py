"""300-W, 68 points, and its subsets without contour.

Sagonas et al., "300 Faces In-The-Wild Challenge", Image and Vision Computing 47, 2016.
"""

from __future__ import annotations

from fanet_mmpose.geometry.schemas.point_schema import (
    PointSchema,
    chain_links,
    numbered_names,
    subset,
)

IBUG68 = PointSchema(
    name='300w68',
    dataset_name='300w',
    point_names=numbered_names(68),
    flip_pairs=(
        *((i, 16 - i) for i in range(8)),
        *((17 + i, 26 - i) for i in range(5)),
        *((31, 35), (32, 34)),
        *((36, 45), (37, 44), (38, 43), (39, 42), (40, 47), (41, 46)),
        *((48, 54), (49, 53), (50, 52), (55, 59), (56, 58)),
        *((60, 64), (61, 63), (65, 67)),
    ),
    skeleton=(
        *chain_links(range(17)),
        *chain_links(range(17, 22)),
        *chain_links(range(22, 27)),
        *chain_links(range(27, 31)),
        *chain_links(range(31, 36)),
        *chain_links(range(36, 42), closed=True),
        *chain_links(range(42, 48), closed=True),
        *chain_links(range(48, 60), closed=True),
        *chain_links(range(60, 68), closed=True),
    ),
    parts={
        'contour': tuple(range(17)),
        'brows': tuple(range(17, 27)),
        'eyes': tuple(range(36, 48)),
        'nose': tuple(range(27, 36)),
        'mouth': tuple(range(48, 68)),
    },
    eye_corners=((36,), (45,)),
    # No pupil is labelled: the mean of an eye's six points stands for it, as in the challenge.
    pupils=(tuple(range(36, 42)), tuple(range(42, 48))),
)

INNER51 = tuple(range(17, 68))
INNER_MOUTH_CORNERS = (60, 64)
INNER49 = tuple(i for i in INNER51 if i not in INNER_MOUTH_CORNERS)

IBUG51 = subset(IBUG68, INNER51, '300w51')
IBUG49 = subset(IBUG68, INNER49, '300w49')
