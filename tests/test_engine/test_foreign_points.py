"""Files of other tools whose form is right and whose numbers mean something else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from fanet_mmpose.engine.foreign_points import check_boxes, check_meaning, check_sizes
from fanet_mmpose.errors import UserError

NAMES = ('left_eye', 'right_eye', 'nose', 'mouth')
PATH = Path('a.json')
Content = dict[str, Any]


def content() -> Content:
    rng = np.random.default_rng(0)
    faces = []
    for i in range(10):
        points = rng.uniform(20, 80, (4, 2))
        faces.append(
            {
                'id': i,
                'image_id': i,
                'category_id': 1,
                'keypoints': np.c_[points, np.full(4, 2)].ravel().tolist(),
                'center': points.mean(axis=0).tolist(),
                'scale': float(np.ptp(points, axis=0).max()) / 200,
            }
        )
    images = [{'id': i, 'file_name': f'{i}.png', 'width': 96, 'height': 64} for i in range(10)]
    category = {'id': 1, 'name': 'face', 'keypoints': list(NAMES)}
    return {'images': images, 'annotations': faces, 'categories': [category]}


def names(*stated: str) -> Callable[[Content], None]:
    return lambda file: file['categories'][0].update(keypoints=list(stated))


def point(x: float, y: float, flag: int, faces: int = 10) -> Callable[[Content], None]:
    def change(file: Content) -> None:
        for face in file['annotations'][:faces]:
            face['keypoints'][:3] = [x, y, flag]

    return change


def of_all(change: Callable[[dict[str, Any]], object]) -> Callable[[Content], None]:
    return lambda file: [change(face) for face in file['annotations']] and None


def shares(face: dict[str, Any]) -> None:
    face['keypoints'] = [v if i % 3 == 2 else v / 96 for i, v in enumerate(face['keypoints'])]


HARMLESS = {
    'as it is': lambda file: None,
    'capitals': names('Left Eye', 'Right Eye', 'NOSE', 'mouth'),
    'no names': names(),
    'numbers': names('1', '2', '3', '4'),
    'another category': lambda file: file['categories'].append(
        {'id': 2, 'name': 'person', 'keypoints': ['mouth', 'nose']}
    ),
    'no categories': lambda file: file.pop('categories'),
    'absent by its flag': point(-1, -1, 0),
    'two in the corner': point(0, 0, 2, faces=2),
}
WRONG = {
    'another order': (names('right_eye', 'left_eye', 'nose', 'mouth'), "'right_eye', where the"),
    'other names': (names('eye l', 'eye r', 'tip', 'lips'), "'eye l', where the dataset has 4"),
    'numbers in another order': (names('p1', 'p3', 'p2', 'p4'), 'count in another order'),
    'five names': (names(*NAMES, 'chin'), 'calls 5 points'),
    '-1 and visible': (point(-1, -1, 2, faces=1), r'annotation 0 has .* \(-1, -1\)'),
    'corners': (point(0, 0, 1, faces=3), r'\(0, 0\)'),
    'far outside': (point(1e9, 5, 2, faces=1), 'annotation 0 has a point far outside'),
    'shares': (of_all(shares), '--units shares'),
}


@pytest.mark.parametrize('kind', HARMLESS)
def test_what_means_the_same_passes(kind: str) -> None:
    file = content()
    HARMLESS[kind](file)
    check_meaning(file, NAMES, PATH)


@pytest.mark.parametrize('kind', WRONG)
def test_what_means_something_else_is_refused(kind: str) -> None:
    file = content()
    WRONG[kind][0](file)
    with pytest.raises(UserError, match=WRONG[kind][1]):
        check_meaning(file, NAMES, PATH)


def test_a_dataset_without_names_takes_any() -> None:
    check_meaning(content(), ['kpt-0', 'kpt-1', 'kpt-2', 'kpt-3'], PATH)


@pytest.mark.parametrize(
    ('change', 'right'),
    [
        (lambda face: None, True),
        (lambda face: face.update(scale=[face['scale']], center=[face['center']]), True),
        (lambda face: face.update(scale=face['scale'] * 200), False),  # pixels
        (lambda face: face.update(scale=face['scale'] / 20), False),
        (lambda face: face.update(center=[v / 96 for v in face['center']]), False),
    ],
)
def test_boxes_of_another_kind(change: Callable[[dict[str, Any]], object], right: bool) -> None:
    file = content()
    for face in file['annotations'][:8]:
        change(face)
    if right:
        check_boxes(file, PATH)
    else:
        with pytest.raises(UserError, match='annotation 0 and 7 others have a "center"'):
            check_boxes(file, PATH)


@pytest.mark.parametrize(
    ('size', 'right'), [((96, 64), True), ((97, 64), True), ((48, 32), False), ((64, 96), False)]
)
def test_pictures_of_another_size(size: tuple[int, int], right: bool, tmp_path: Path) -> None:
    file = content()
    for image in file['images']:
        cv2.imwrite(str(tmp_path / image['file_name']), np.zeros((size[1], size[0]), np.uint8))
    file['images'][0].pop('width')
    if right:
        check_sizes(file, tmp_path, PATH)
    else:
        with pytest.raises(UserError, match=rf'1\.png: has {size[0]} x {size[1]} pixels'):
            check_sizes(file, tmp_path, PATH)
