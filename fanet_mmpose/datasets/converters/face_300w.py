"""300W: HELEN, LFPW, AFW and iBUG, labelled with 68 points.

Sagonas et al., "300 faces in-the-wild challenge: database and results", IMAVIS 2016. A ``.pts``
file beside each image. Training: AFW and the trainsets of HELEN and LFPW (3,148 faces). Test:
the two testsets (554, *common*) and iBUG (135, *challenging*), together *full*. The challenge's
own 600 images (``01_Indoor``, ``02_Outdoor``) are the *private* test. 1-based, ours are 0-based.
Detector rectangles come from ``bounding_boxes_*.mat`` where they are found.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path

import numpy as np

from fanet_mmpose.datasets.converters.matlab import load_mat
from fanet_mmpose.datasets.converters.pts import MATLAB_BASE, read_pts
from fanet_mmpose.datasets.converters.records import (
    LEFT_OUT,
    BadRow,
    FaceRecord,
    Rows,
    all_visible,
    try_row,
)
from fanet_mmpose.datasets.converters.source import IMAGE_SUFFIXES, Source
from fanet_mmpose.errors import UserError
from fanet_mmpose.geometry.schemas import PointSchema

_Rects = Mapping[tuple[str, str], np.ndarray]

_TWIN = '_mirror'
"""dlib's copy of 300W has such a mirror image beside each picture."""

_SUBSETS = {
    'helen/trainset': ('train', 'train'),
    'lfpw/trainset': ('train', 'train'),
    'afw': ('train', 'train'),
    'helen/testset': ('test', 'common'),
    'lfpw/testset': ('test', 'common'),
    'ibug': ('test', 'challenging'),
    'Test/01_Indoor': ('private', 'indoor'),
    'Test/02_Outdoor': ('private', 'outdoor'),
}
"""Folder of the output (and of MMPose's layout): official split and ``subset``."""


def read_300w(source: Source, schema: PointSchema) -> Rows:
    """Faces of every ``.pts`` file below a folder of 300W's names.

    Raises:
        UserError: no such file is there.
    """
    rects = _detector_rects(source)
    images = {(path.parent, _key(path.stem)): path for path in source.files if _is_image(path)}
    found = False
    for path in source.find('*.pts'):
        folder = _subset_folder(source.parts(path))
        if folder is None:
            continue
        found = True
        if (
            path.stem.endswith(_TWIN)
            and (path.parent, _key(path.stem.removesuffix(_TWIN))) in images
        ):
            where = f'{folder}/{path.name}'
            yield BadRow(
                where, path.stem, f'a mirror image of {path.stem.removesuffix(_TWIN)}', LEFT_OUT
            )
            continue
        image = images.get((path.parent, _key(path.stem)))
        parse = partial(_parse, path, folder, image, rects, schema)
        yield try_row(f'{folder}/{path.name}', path.stem, parse)
    if not found:
        places = ', '.join(str(path) for path in source.paths)
        raise UserError(f'{places}: no .pts file below helen, lfpw, afw or ibug')


def _parse(
    path: Path, folder: str, image: Path | None, rects: _Rects, schema: PointSchema
) -> FaceRecord:
    points = read_pts(path, schema.num_points)
    if image is None:
        raise ValueError(f'no image beside {path.name}')
    split, subset = _SUBSETS[folder]
    return FaceRecord(
        name=f'{folder}/{image.name}',
        image=image,
        points=points,
        visibility=all_visible(points),
        split=split,
        where=f'{folder}/{path.name}',
        rect=rects.get((folder, _key(path.stem))),
        attributes={'source': _source_name(folder), 'subset': subset},
        photo=f'{folder}/{_photo(folder, image.stem)}',
    )


def _subset_folder(parts: tuple[str, ...]) -> str | None:
    lowered = [part.lower() for part in parts]
    for folder in _SUBSETS:
        *above, last = folder.lower().removeprefix('test/').split('/')
        if last in lowered and all(name in lowered for name in above):
            return folder
    return None


def _source_name(folder: str) -> str:
    """``helen/trainset`` is ``helen_train``, as in the field's lists."""
    return folder.replace('/', '_').replace('set', '').lower()


def _photo(folder: str, stem: str) -> str:
    # HELEN and AFW number the faces of a photograph: 100040721_1, 100040721_2.
    return re.sub(r'_\d+$', '', stem) if folder.startswith(('helen', 'afw')) else stem


def _key(stem: str) -> str:
    # One iBUG file is called "image_092 _01" in some places and "image_092_01" in others.
    return stem.replace(' ', '')


def _is_image(path: Path) -> bool:
    return path.suffix.lower() in IMAGE_SUFFIXES


def _detector_rects(source: Source) -> _Rects:
    """``bb_detector`` by (folder, image) from the challenge's ``bounding_boxes_*.mat``."""
    return {
        (folder, _key(Path(str(box.imgName)).stem)): _rect(box.bb_detector)
        for folder in _SUBSETS
        for path in source.find(f'bounding_boxes_{folder.replace("/", "_")}.mat')
        for box in _boxes(path)
    }


def _boxes(path: Path) -> Iterator[object]:
    for box in np.atleast_1d(load_mat(path, ('bounding_boxes',))['bounding_boxes']):
        if not (hasattr(box, 'imgName') and np.size(getattr(box, 'bb_detector', ())) == 4):
            raise UserError(f'{path}: bounding_boxes lacks imgName or bb_detector')
        yield box


def _rect(corners: object) -> np.ndarray:
    return np.asarray(corners, dtype=np.float64).ravel() - MATLAB_BASE
