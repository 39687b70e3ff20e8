"""What can be wrong with a dataset is said before the first iteration, in one sentence."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import cv2
from mmpose.datasets.datasets.base import BaseCocoStyleDataset
from mmpose.registry import DATASETS

from fanet_mmpose.coco_file import check_trainable
from fanet_mmpose.engine.foreign_points import check_boxes, check_meaning, check_sizes
from fanet_mmpose.engine.known_parts import find_class
from fanet_mmpose.errors import UserError

Config = Mapping[str, Any]
# MMPose's datasets that read `center` and `scale` of each annotation, and their heirs.
READ_CENTER = {'Face300WDataset', 'Face300VWDataset', 'WFLWDataset', 'AFLWDataset'}
JPEG_START, JPEG_END = b'\xff\xd8', b'\xff\xd9'


def leaf_datasets(dataset: Config, transforms: tuple = ()) -> Iterator[tuple[Config, tuple]]:
    """The plain datasets inside a (nested) config, each with all transforms on its way out."""
    transforms = (*dataset.get('pipeline', ()), *transforms)
    inner = dataset.get('datasets') or ([dataset['dataset']] if 'dataset' in dataset else [])
    if not inner:
        yield dataset, transforms
    for child in inner:
        yield from leaf_datasets(child, transforms)


def num_points_after(transforms: tuple, num_points: int) -> int:
    """K of a sample once its pipeline is through: a `KeypointConverter` changes it."""
    for transform in transforms:
        if transform['type'] == 'KeypointConverter':
            num_points = transform['num_keypoints']
    return num_points


def head_num_points(model: Config) -> int | None:
    """K that a head's config asks for, or None if the config does not say."""
    head = model.get('head') or {}
    for field in ('num_keypoints', 'out_channels', 'num_joints'):
        if isinstance(head.get(field), int):
            return head[field]
    return None


def read_annotations(path: Path, field: str) -> dict[str, Any]:
    """Read a COCO-style file. Raises `UserError` if it is missing, no JSON, or has no face."""
    if not path.is_file():
        raise UserError(
            f'{path}: the annotation file ({field}.ann_file) is missing: '
            'prepare the dataset (tools/dataset_converters/prepare_dataset.py), '
            'or correct the config'
        )
    encoded = path.read_bytes()
    try:
        content = json.loads(encoded)
    except (ValueError, RecursionError) as error:
        raise UserError(f'{path}: is not JSON ({error}): prepare the dataset again') from error
    if encoded[:2] in (b'\xef\xbb', b'\xff\xfe', b'\xfe\xff') or b'\0' in encoded[:4]:
        raise UserError(
            f'{path}: begins with a byte order mark or is UTF-16, which MMPose does not read: save '
            'it as plain UTF-8'
        )
    for key in ('images', 'annotations'):
        if not isinstance(content, dict) or not isinstance(content.get(key), list):
            raise UserError(f'{path}: has no list "{key}": prepare the dataset again')
        if not content[key]:
            raise UserError(f'{path}: its list "{key}" is empty: prepare the dataset again')
    return content


def check_points(content: Mapping[str, Any], num_points: int, path: Path) -> None:
    """Raise `UserError` for an annotation that has not x, y, v for each of `num_points` points,
    or that belongs to no image of the file."""
    known = {image.get('id') for image in content['images']}
    for annotation in content['annotations']:
        where = f'{path}: annotation {annotation.get("id")}'
        found = len(annotation.get('keypoints', ()))
        if found != 3 * num_points:
            raise UserError(
                f'{where} has {found / 3:g} points in "keypoints" and the dataset {num_points} '
                '(x, y, v each): correct it, or use the config of that point set'
            )
        if annotation.get('image_id') not in known:
            raise UserError(
                f'{where} has image_id {annotation.get("image_id")}, which no image of the file has'
            )


def is_complete_picture(path: Path) -> bool:
    """Whether OpenCV knows the file's signature, and a JPEG does not break off before its end."""
    if not cv2.haveImageReader(str(path)):
        return False
    with path.open('rb') as file:
        if file.read(2) != JPEG_START:
            return True
        file.seek(max(0, path.stat().st_size - 4096))
        if JPEG_END in file.read():
            return True
        file.seek(0)
        return JPEG_END in file.read()


def check_images(content: Mapping[str, Any], folder: Path, path: Path) -> None:
    """Raise `UserError` naming the first image that is missing, empty or no picture."""
    files = [folder / image['file_name'] for image in content['images']]
    for problem, is_bad in (
        ('is missing', lambda file: not file.is_file()),
        ('is empty (0 bytes)', lambda file: file.stat().st_size == 0),
        ('is no complete picture', lambda file: not is_complete_picture(file)),
    ):
        bad = [file for file in files if is_bad(file)]
        if bad:
            more = f' (and {len(bad) - 1} more)' if len(bad) > 1 else ''
            raise UserError(
                f'{bad[0]}: {problem}{more}, of {len(files)} images in {path}: '
                'restore the files, or prepare the dataset again'
            )


def check_files(dataset: BaseCocoStyleDataset, field: str) -> None:
    """Check folder, annotation file and images of one dataset that was not read yet."""
    if not dataset.ann_file or '://' in dataset.ann_file:
        return  # faces that are drawn; object storage, of which only the loader can tell
    if dataset.data_root and not Path(dataset.data_root).is_dir():
        folder = Path(dataset.data_root)
        raise UserError(
            f'{folder}: the data folder ({field}.data_root) does not exist: prepare it with '
            f'tools/dataset_converters/prepare_dataset.py, or link it (ln -s /where/it/is {folder})'
        )
    path = Path(dataset.ann_file)
    content = read_annotations(path, field)
    kinds = {kind.__name__ for kind in type(dataset).__mro__}
    as_faces = bool(kinds & READ_CENTER)
    check_trainable(content, str(path), as_faces)
    if getattr(dataset, 'HAS_POINTS', True):
        check_points(content, dataset.metainfo['num_keypoints'], path)
        check_meaning(content, list(dataset.metainfo['keypoint_id2name'].values()), path)
        if as_faces:
            check_boxes(content, path)
    check_images(content, Path(dataset.data_prefix['img']), path)
    check_sizes(content, Path(dataset.data_prefix['img']), path)


def check_dataset(config: Config, transforms: tuple, wanted: int | None, field: str) -> None:
    """Check one plain dataset: its type, its number of points against the head's, its files.

    Datasets that are not of MMPose's COCO style are left to their own checks.
    """
    kind = find_class(config['type'], DATASETS, field)
    if not issubclass(kind, BaseCocoStyleDataset):
        return
    dataset = DATASETS.build(dict(config, pipeline=[], lazy_init=True))
    found = num_points_after(transforms, dataset.metainfo['num_keypoints'])
    if wanted is not None and found != wanted:
        raise UserError(
            f'model.head predicts {wanted} points and {field} ({kind.__name__}) has {found}: '
            f'set the head to {found} points, or use the config of that point set'
        )
    check_files(dataset, field)


def check_data(config: Config, loaders: tuple[str, ...]) -> None:
    """Check the datasets of the named loaders of a whole config, nested ones included.

    Raises `UserError` for a missing folder, annotation file or image, for a file that is empty or
    not what it should be, and for a number of points that differs from the rest.
    """
    wanted = head_num_points(config['model'])
    for name in loaders:
        loader = config.get(name)
        if loader:
            for leaf, transforms in leaf_datasets(loader['dataset']):
                check_dataset(leaf, transforms, wanted, f'{name}.dataset')
