"""The same face in two splits is found, and two faces of one photograph are not."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from fanet_mmpose.datasets.converters.duplicates import repeated_faces, similar_images
from fanet_mmpose.datasets.converters.images import ImageInfo, inspect_image
from fanet_mmpose.datasets.converters.records import FaceRecord
from fanet_mmpose.geometry.schemas import get_schema
from tests.helpers.tiny_releases import photograph, toy_face

SCHEMA = get_schema('mtfl5')


def face(name: str, fold: str, points: np.ndarray | None = None) -> FaceRecord:
    points = toy_face(SCHEMA) if points is None else points
    flags = np.full(5, 2)
    return FaceRecord(name, Path(name), points, flags, fold, f'{name}:1', fold=fold)


def look(image: np.ndarray, path: Path, quality: int = 95) -> ImageInfo:
    cv2.imwrite(str(path), image, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return inspect_image(path)


@pytest.mark.parametrize(
    'version',
    [
        lambda image: image,
        lambda image: cv2.resize(image, (300, 300), interpolation=cv2.INTER_CUBIC),
        lambda image: cv2.GaussianBlur(image, (5, 5), 0),
        lambda image: np.clip(image.astype(int) + 2, 0, 255).astype(np.uint8),
    ],
    ids=['same', 'enlarged', 'blurred', 'brighter'],
)
def test_versions_of_one_image_are_similar(version: object, tmp_path: Path) -> None:
    images = {str(i): look(photograph(i), tmp_path / f'{i}.jpg') for i in range(8)}
    images['copy'] = look(version(photograph(3)), tmp_path / 'copy.jpg', quality=60)
    pairs = {pair for pair in similar_images(images) if pair[0] != pair[1]}
    assert pairs == {('3', 'copy')}


def test_no_images() -> None:
    assert list(similar_images({})) == []


@pytest.mark.parametrize(
    ('first', 'second', 'dropped'),
    [
        ('train', 'test', 'a'),
        ('test', 'train', 'b'),
        ('train', 'val', 'a'),
        ('val', 'test', 'a'),
        ('train', 'train', None),
        ('test', 'test', None),
    ],
)
def test_the_later_fold_keeps_the_face(
    first: str, second: str, dropped: str | None, tmp_path: Path
) -> None:
    info = look(photograph(0), tmp_path / 'x.jpg')
    records = [face('a', first), face('b', second)]
    repeated = repeated_faces(records, {'a': info, 'b': info})
    assert [records[i].name for i in repeated] == ([dropped] if dropped else [])


def test_two_faces_of_one_photograph_are_no_repetition(tmp_path: Path) -> None:
    info = look(photograph(0), tmp_path / 'x.jpg')
    left, right = toy_face(SCHEMA) * 0.45, toy_face(SCHEMA) * 0.45 + 50
    assert repeated_faces([face('a', 'train', left), face('a', 'test', right)], {'a': info}) == {}
    assert repeated_faces([face('a', 'train', left), face('a', 'test', left)], {'a': info})


def test_a_mirror_image_in_another_split_is_a_repetition(tmp_path: Path) -> None:
    picture, points = photograph(0), toy_face(SCHEMA) * 0.5
    images = {
        'a': look(picture, tmp_path / 'a.jpg'),
        'b': look(picture[:, ::-1], tmp_path / 'b.jpg'),
        'c': look(photograph(1)[:, ::-1], tmp_path / 'c.jpg'),
    }
    mirrored = points * [-1, 1] + [picture.shape[1] - 1, 0]
    records = [face('a', 'train', points), face('b', 'test', mirrored), face('c', 'val', mirrored)]
    assert repeated_faces(records, images) == {0: 1}
