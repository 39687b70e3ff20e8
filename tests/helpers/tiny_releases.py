"""Releases of a handful of drawn faces, in exactly the official formats."""

from __future__ import annotations

import io
import json
import tarfile
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import cv2
import h5py
import numpy as np
import scipy.io

from fanet_mmpose.geometry.schemas import PointSchema, get_schema

NAMES = ('wflw', 'cofw', 'aflw', '300w', 'lapa')
SIZE = 96
_ROWS = {'brows': 0.22, 'eyes': 0.36, 'nose': 0.55, 'mouth': 0.74, 'contour': 0.88}


def photograph(seed: int, size: int = SIZE) -> np.ndarray:
    """[size, size, 3] smooth coloured noise: no two seeds look alike."""
    coarse = np.random.default_rng(seed).integers(0, 256, (6, 6, 3), dtype=np.uint8)
    return cv2.resize(coarse, (size, size), interpolation=cv2.INTER_CUBIC)


def encoded(image: np.ndarray, suffix: str = '.jpg') -> bytes:
    """File content of an image."""
    return cv2.imencode(suffix, image)[1].tobytes()


def toy_face(schema: PointSchema, seed: int = 0, size: int = SIZE) -> np.ndarray:
    """[K, 2] an upright face of the schema, 0-based, inside a picture of `size`."""
    points = np.full((schema.num_points, 2), 0.5)
    for part, indices in schema.parts.items():
        points[list(indices), 1] = _ROWS[part]
    for rank, (left, right) in enumerate(schema.flip_pairs):
        reach = 0.12 + 0.22 * (rank % 5) / 4
        points[left, 0], points[right, 0] = 0.5 - reach, 0.5 + reach
    noise = np.random.default_rng(seed).uniform(-0.02, 0.02, points.shape)
    return np.round((points + noise) * (size - 1), 3)


def read_annotations(root: Path, name: str) -> dict[str, Any]:
    """An annotation file of a converted set."""
    return json.loads((root / 'annotations' / f'{name}.json').read_text())


def write_tar(path: Path, members: Mapping[str, bytes]) -> Path:
    """A gzipped tar of regular files."""
    with tarfile.open(path, 'w:gz') as tar:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    return path


def write_zip(path: Path, members: Mapping[str, bytes]) -> Path:
    """A zip of regular files."""
    with zipfile.ZipFile(path, 'w') as packed:
        for name, data in members.items():
            packed.writestr(name, data)
    return path


# ---------------------------------------------------------------------------------------- WFLW
WFLW_RECT = (10, 8, 88, 90)


def wflw_line(points: np.ndarray, name: str, flags: Iterable[int] = (0,) * 6) -> str:
    """One line of ``list_98pt_rect_attr_*.txt``."""
    numbers = [f'{value:.6f}' for value in points.ravel()]
    return ' '.join([*numbers, *map(str, WFLW_RECT), *map(str, flags), name])


def wflw_lists(train: int = 8, test: int = 4) -> tuple[dict[str, list[str]], dict[str, bytes]]:
    """Lines of both lists, and the images by name; the first two faces share a photograph."""
    schema = get_schema('wflw98')
    names = [f'0--Parade/0_Parade_marchingband_1_{i}.jpg' for i in range(train + test)]
    names[1] = names[0]
    images = {name: encoded(photograph(i)) for i, name in enumerate(names) if i != 1}
    lines = [
        wflw_line(toy_face(schema, i), name, flags=np.eye(6, dtype=int)[i % 6])
        for i, name in enumerate(names)
    ]
    return {'train': lines[:train], 'test': lines[train:]}, images


def write_wflw(
    folder: Path, lists: Mapping[str, list[str]], images: Mapping[str, bytes]
) -> tuple[Path, Path]:
    """The pair ``WFLW_annotations.tar.gz``, ``WFLW_images.tar.gz``."""
    inner = 'WFLW_annotations/list_98pt_rect_attr_train_test/list_98pt_rect_attr_{}.txt'
    annotations = {
        inner.format(split): ('\n'.join(lines) + '\n').encode('latin-1')
        for split, lines in lists.items()
    }
    annotations['WFLW_annotations/README'] = b'see the paper\n'
    return (
        write_tar(folder / 'WFLW_annotations.tar.gz', annotations),
        write_tar(
            folder / 'WFLW_images.tar.gz', {f'WFLW_images/{n}': d for n, d in images.items()}
        ),
    )


# ---------------------------------------------------------------------------------------- COFW
def write_cofw(folder: Path, train: int = 8, test: int = 4) -> dict[str, np.ndarray]:
    """Both ``COFW_*_color.mat`` as MATLAB 7.3 stores them; returns [N, 29, 2] 0-based points."""
    schema = get_schema('cofw29')
    truth = {}
    for split, suffix, first, count in (('train', 'Tr', 0, train), ('test', 'T', train, test)):
        points = np.stack([toy_face(schema, first + i) for i in range(count)])
        occluded = (np.arange(29) == 3)[None].repeat(count, axis=0)
        shapes = np.hstack([points[..., 0] + 1, points[..., 1] + 1, occluded])
        boxes = np.tile([11.0, 9.0, 78.0, 82.0], (count, 1))
        images = [photograph(first + i)[..., ::-1] for i in range(count)]
        images[0] = images[0][..., 1]  # the release has grey images too
        write_mat73(folder / f'COFW_{split}_color.mat', suffix, shapes, boxes, images)
        truth[split] = points
    return truth


def write_mat73(
    path: Path, suffix: str, shapes: np.ndarray, boxes: np.ndarray, images: list[np.ndarray]
) -> None:
    """HDF5 with object references and every array transposed, as MATLAB 7.3 has it."""
    with h5py.File(path, 'w', userblock_size=512) as mat:
        cells = mat.create_group('#refs#')
        references = np.empty((1, len(images)), dtype=h5py.ref_dtype)
        for i, image in enumerate(images):
            references[0, i] = cells.create_dataset(f'cell{i}', data=np.transpose(image)).ref
        mat.create_dataset(f'Is{suffix}', data=references, dtype=h5py.ref_dtype)
        mat[f'phis{suffix}'] = shapes.T
        mat[f'bboxes{suffix}'] = boxes.T
    with path.open('r+b') as stream:
        stream.write(b'MATLAB 7.3 MAT-file, Platform: GLNXA64')


# ---------------------------------------------------------------------------------------- AFLW
def aflw_variables(count: int = 12) -> dict[str, np.ndarray]:
    """The variables of ``AFLWinfo_release.mat``; ``ra`` reverses the order."""
    schema = get_schema('aflw19')
    points = np.stack([toy_face(schema, i) for i in range(count)]) + 1
    mask = np.ones((count, 19))
    mask[::3, 5] = 0
    names = np.empty((count, 1), dtype=object)
    names[:, 0] = [f'{(0, 2, 3)[i % 3]}/image{i:05d}.jpg' for i in range(count)]
    return {
        'nameList': names,
        'data': np.hstack([points[..., 0], points[..., 1]]),
        'mask_new': mask,
        'bbox': np.tile([11.0, 91.0, 9.0, 89.0], (count, 1)),
        'ra': np.arange(count, 0, -1)[None],
    }


def write_aflw(folder: Path, variables: Mapping[str, np.ndarray]) -> None:
    """``AFLWinfo_release.mat`` and the images below ``data/flickr``."""
    scipy.io.savemat(folder / 'AFLWinfo_release.mat', dict(variables), do_compression=True)
    for i, name in enumerate(variables['nameList'][:, 0]):
        path = folder / 'data' / 'flickr' / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(encoded(photograph(i)))


# ---------------------------------------------------------------------------------------- 300W
def pts_text(points: np.ndarray, base: float = 1.0) -> str:
    """A ``.pts`` file of 0-based points."""
    rows = '\n'.join(f'{x:.6f} {y:.6f}' for x, y in points + base)
    return f'version: 1\nn_points:  {len(points)}\n{{\n{rows}\n}}\n'


_FOLDERS_300W = {
    'helen/trainset': ('100040721_1', '100040721_2', '10405424_1', '296814969_3'),
    'lfpw/trainset': ('image_0001', 'image_0002', 'image_0003'),
    'afw': ('1051618982_1', '111076519_1'),
    'helen/testset': ('296814970_1', '2968560214_1'),
    'lfpw/testset': ('image_0001',),
    'ibug': ('image_003_1', 'image_092 _01'),
}


def files_300w() -> dict[str, bytes]:
    """Every file of a tiny 300W by its path, with one ``bounding_boxes_ibug.mat``."""
    schema = get_schema('300w68')
    files = {}
    for seed, (folder, stem) in enumerate(
        (folder, stem) for folder, stems in _FOLDERS_300W.items() for stem in stems
    ):
        suffix = '.png' if folder.startswith('lfpw') else '.jpg'
        files[f'{folder}/{stem}{suffix}'] = encoded(photograph(seed), suffix)
        files[f'{folder}/{stem}.pts'] = pts_text(toy_face(schema, seed)).encode()
    files['Bounding Boxes/bounding_boxes_ibug.mat'] = _boxes_mat(('image_003_1.jpg',))
    return files


def _boxes_mat(names: Iterable[str]) -> bytes:
    cells = np.array(
        [
            {'imgName': name, 'bb_detector': [11.0, 9.0, 89.0, 91.0], 'bb_ground_truth': [1.0] * 4}
            for name in names
        ],
        dtype=object,
    )
    buffer = io.BytesIO()
    scipy.io.savemat(buffer, {'bounding_boxes': cells})
    return buffer.getvalue()


# ---------------------------------------------------------------------------------------- LaPa
def files_lapa() -> dict[str, bytes]:
    """Every file of a tiny LaPa by its path."""
    schema = get_schema('lapa106')
    files = {}
    for seed, split in enumerate(('train', 'train', 'train', 'val', 'test')):
        points = toy_face(schema, seed)
        rows = '\n'.join(f'{x:.6f} {y:.6f}' for x, y in points)
        files[f'LaPa/{split}/landmarks/{seed}_0.txt'] = f'106\n{rows}\n'.encode()
        files[f'LaPa/{split}/images/{seed}_0.jpg'] = encoded(photograph(seed))
        files[f'LaPa/{split}/labels/{seed}_0.png'] = encoded(photograph(seed)[..., 0], '.png')
    return files


def write_files(folder: Path, files: Mapping[str, bytes]) -> Path:
    """Write files by their relative path."""
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder
