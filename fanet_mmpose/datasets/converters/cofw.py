"""COFW: 1,345 + 507 faces, 29 points, each with an occlusion flag; the images are in the file.

Burgos-Artizzu et al., "Robust face landmark estimation under occlusion", ICCV 2013.
``COFW_{train,test}_color.mat`` are MATLAB 7.3: ``IsTr``/``IsT`` hold references to images
(grey or RGB), ``phisTr``/``phisT`` are [N, 87] (29 x, 29 y, 29 occluded), ``bboxesTr``/
``bboxesT`` are [N, 4] ``x y w h``; h5py shows all of them transposed. 1-based, ours are 0-based.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

import cv2
import h5py
import numpy as np
from tqdm import tqdm

from fanet_mmpose.datasets.converters.matlab import HDF5_ERRORS, open_mat73
from fanet_mmpose.datasets.converters.pts import MATLAB_BASE
from fanet_mmpose.datasets.converters.records import OCCLUDED, VISIBLE, FaceRecord, Rows, try_row
from fanet_mmpose.datasets.converters.source import Source
from fanet_mmpose.errors import UserError
from fanet_mmpose.files import write_bytes
from fanet_mmpose.geometry.boxes import xywh_to_xyxy
from fanet_mmpose.geometry.schemas import PointSchema

LFPW_FACES = 845
"""The first of the training faces are LFPW's, labelled anew; the rest and the test are COFW's."""

_FILES = {'train': ('COFW_train_color.mat', 'Tr'), 'test': ('COFW_test_color.mat', 'T')}


def read_cofw(source: Source, schema: PointSchema) -> Rows:
    """Faces of both files; their images are unpacked losslessly below ``source.scratch``.

    Images are numbered through both files, as MMPose's own converter does.

    Raises:
        UserError: a file is missing, damaged, or not of this form.
    """
    first = 1
    for split, (file_name, suffix) in _FILES.items():
        path = source.find_one(file_name)
        names = (f'Is{suffix}', f'phis{suffix}', f'bboxes{suffix}')
        mat, (images, shapes, boxes) = open_mat73(path, names)
        with mat:
            count = shapes.shape[-1]
            expected = ((1, count), (3 * schema.num_points, count), (4, count))
            if (images.shape, shapes.shape, boxes.shape) != expected:
                raise UserError(f'{path}: {names[1]} is not [N, {3 * schema.num_points}]')
            for i in tqdm(range(count), desc=file_name, unit='face', disable=None):
                where = f'{file_name}:{names[1]}({i + 1},:)'
                target = source.scratch / 'cofw' / f'{first + i:06d}.png'
                parse = partial(_parse, mat, images[0, i], target, shapes[:, i], boxes[:, i])
                row = try_row(where, target.name, partial(parse, split=split, where=where))
                yield row
            first += count


def _parse(
    mat: h5py.File,
    image: h5py.Reference,
    target: Path,
    shape: np.ndarray,
    box: np.ndarray,
    split: str,
    where: str,
) -> FaceRecord:
    _write_image(mat, image, target)
    coordinates, occluded = np.split(shape, [2 * len(shape) // 3])
    from_lfpw = split == 'train' and int(target.stem) <= LFPW_FACES
    return FaceRecord(
        name=target.name,
        image=target,
        points=coordinates.reshape(2, -1).T - MATLAB_BASE,
        visibility=np.where(occluded > 0, OCCLUDED, VISIBLE),
        split=split,
        where=where,
        rect=xywh_to_xyxy(box) - MATLAB_BASE,
        attributes={'source': 'lfpw' if from_lfpw else 'cofw'},
    )


def _write_image(mat: h5py.File, reference: h5py.Reference, target: Path) -> None:
    """PNG of one referenced image, [3, W, H] RGB or [W, H] grey in the file."""
    if target.is_file():
        return
    try:
        pixels = np.asarray(mat[reference]).T
    except HDF5_ERRORS as error:
        raise ValueError(f'the image cannot be read ({error})') from None
    if pixels.dtype != np.uint8 or pixels.ndim not in (2, 3) or pixels.size == 0:
        raise ValueError(f'the image is {pixels.dtype} {pixels.shape}, not 8-bit grey or RGB')
    if pixels.ndim == 3:
        pixels = cv2.cvtColor(np.ascontiguousarray(pixels), cv2.COLOR_RGB2BGR)
    write_bytes(target, cv2.imencode('.png', pixels)[1].tobytes())
