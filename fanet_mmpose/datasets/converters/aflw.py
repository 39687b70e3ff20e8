"""AFLW with the 19 points and the protocol of Zhu et al., CVPR 2016.

``AFLWinfo_release.mat`` (MATLAB 5): ``nameList`` [N] image below ``flickr/``, ``data`` [N, 38]
(19 x, then 19 y), ``mask_new`` [N, 19] 1 where visible, ``bbox`` [N, 4] left, right, top, bottom,
``ra`` [N] a fixed order: its first 20,000 faces train, the other 4,386 are the *full* test, of
which the *frontal* part is the faces with all 19 points visible. 1-based, ours are 0-based.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from fanet_mmpose.datasets.converters.matlab import load_mat
from fanet_mmpose.datasets.converters.pts import MATLAB_BASE
from fanet_mmpose.datasets.converters.records import (
    OCCLUDED,
    VISIBLE,
    FaceRecord,
    Rows,
    try_row,
)
from fanet_mmpose.datasets.converters.source import Source
from fanet_mmpose.errors import UserError
from fanet_mmpose.geometry.schemas import PointSchema

TRAIN_FACES = 20_000
_VARIABLES = ('nameList', 'data', 'mask_new', 'bbox', 'ra')


def read_aflw(source: Source, schema: PointSchema) -> Rows:
    """Faces in the order of ``ra``.

    Raises:
        UserError: the file is missing, damaged, or its arrays do not fit together.
    """
    path = source.find_one('AFLWinfo_release.mat')
    info = load_mat(path, _VARIABLES)
    order = _checked_order(path, info, schema)
    for rank, face in enumerate(order):
        where = f'{path.name}:data({face + 1},:)'
        split = 'train' if rank < TRAIN_FACES else 'test'
        parse = partial(_parse, source, info, face, split, where)
        yield try_row(where, str(info['nameList'][face]), parse)


def _checked_order(path: Path, info: dict[str, Any], schema: PointSchema) -> np.ndarray:
    """[N] 0-based order of the faces."""
    count = len(info['nameList'])
    shapes = {'data': (count, 2 * schema.num_points), 'mask_new': (count, schema.num_points),
              'bbox': (count, 4), 'ra': (count,)}  # fmt: skip
    for name, shape in shapes.items():
        if np.shape(info[name]) != shape:
            raise UserError(f'{path}: {name} is {np.shape(info[name])} where {shape} is expected')
    order = np.asarray(info['ra'], dtype=np.int64) - int(MATLAB_BASE)
    if not np.array_equal(np.sort(order), np.arange(count)):
        raise UserError(f'{path}: ra is not an order of the {count} faces')
    if count <= TRAIN_FACES:
        raise UserError(f'{path}: {count} faces leave no test after {TRAIN_FACES} for training')
    return order


def _parse(source: Source, info: dict[str, Any], face: int, split: str, where: str) -> FaceRecord:
    name = f'flickr/{info["nameList"][face]}'
    left, right, top, bottom = info['bbox'][face].astype(np.float64)
    visible = info['mask_new'][face] > 0
    rect = np.array([left, top, right, bottom]) - MATLAB_BASE
    return FaceRecord(
        name=name,
        image=source.image(str(info['nameList'][face])),
        points=info['data'][face].astype(np.float64).reshape(2, -1).T - MATLAB_BASE,
        visibility=np.where(visible, VISIBLE, OCCLUDED),
        split=split,
        where=where,
        rect=rect,
        attributes={'frontal': int(visible.all())},
    )
