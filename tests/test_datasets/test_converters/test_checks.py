"""What counts as plausible."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fanet_mmpose.datasets.converters.checks import (
    MARGIN,
    MIRRORED,
    faces_before_exif,
    handedness,
    mirrored_faces,
    point_problem,
    rect_problem,
    size_problem,
)
from fanet_mmpose.datasets.converters.images import ImageInfo
from fanet_mmpose.datasets.converters.records import FaceRecord
from fanet_mmpose.geometry.schemas import PointSchema, get_schema
from tests.helpers.tiny_releases import SIZE, toy_face

SCHEMAS = ('wflw98', '300w68', 'cofw29', 'aflw19', 'lapa106', 'mtfl5')
IMAGE = ImageInfo(SIZE, SIZE, np.zeros((32, 32), np.uint8))


def record(points: np.ndarray, **fields: object) -> FaceRecord:
    flags = np.full(len(points), 2)
    return FaceRecord('a.jpg', Path('a.jpg'), points, flags, 'train', 'a:1', **fields)


@pytest.mark.parametrize('name', SCHEMAS)
def test_a_good_face_passes(name: str) -> None:
    schema = get_schema(name)
    face = record(toy_face(schema), rect=np.array([5.0, 5.0, 90.0, 90.0]))
    assert point_problem(face, IMAGE, schema) is None and rect_problem(face) is None


@pytest.mark.parametrize('name', SCHEMAS)
@settings(deadline=None, derandomize=True, max_examples=15)
@given(angle=st.floats(-np.pi, np.pi), zoom=st.floats(0.01, 100), seed=st.integers(0, 99))
def test_handedness_is_blind_to_rotation_and_size_but_not_to_mirrors(
    name: str, angle: float, zoom: float, seed: int
) -> None:
    schema = get_schema(name)
    turn = zoom * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    upright = toy_face(schema, seed)
    faces = np.stack([upright, upright @ turn.T + 7, upright * [-1, 1] @ turn.T])
    right, turned, mirrored = handedness(faces, schema)
    assert right > 0.3 and turned == pytest.approx(right) and mirrored == pytest.approx(-right)


@pytest.mark.parametrize('name', SCHEMAS)
def test_exchanging_all_pairs_is_mirroring(name: str) -> None:
    schema = get_schema(name)
    faces = [record(toy_face(schema, i)) for i in range(3)]
    exchanged = replace(faces[1], points=faces[1].points[schema.flip_indices])
    assert mirrored_faces([faces[0], exchanged, faces[2]], schema).tolist() == [False, True, False]


def test_unlabelled_points_do_not_decide() -> None:
    schema = get_schema('300w68')
    face = record(toy_face(schema))
    hidden = face.visibility.copy()
    hidden[list(schema.eye_corners[0])] = 0
    assert not mirrored_faces([replace(face, visibility=hidden)], schema).any()


def test_schema_without_eyes_follows_the_majority() -> None:
    schema = PointSchema('pair', ('right', 'left', 'top'), flip_pairs=((0, 1),))
    faces = [record(np.array([[60.0, 50.0], [30.0, 50.0], [45.0, 20.0]])) for _ in range(4)]
    odd = record(np.array([[30.0, 50.0], [60.0, 50.0], [45.0, 20.0]]))
    assert mirrored_faces([*faces, odd], schema).tolist() == [False] * 4 + [True]


def test_schema_without_pairs_cannot_be_mirrored() -> None:
    schema = PointSchema('free', ('a', 'b'))
    assert not mirrored_faces([record(np.eye(2))], schema).any()
    assert mirrored_faces([], schema).shape == (0,)


@pytest.mark.parametrize('split', ['train', 'val', 'test'])
def test_no_real_face_is_called_mirrored_and_every_mirrored_one_is(
    split: str, shared_dir: Path
) -> None:
    coco = json.loads((shared_dir / 'data' / '300w' / 'annotations' / f'{split}.json').read_text())
    points = np.array([a['keypoints'] for a in coco['annotations']]).reshape(-1, 68, 3)[..., :2]
    schema = get_schema('300w68')
    assert handedness(points, schema).min() > 0.5
    assert (handedness(points * [-1, 1], schema) < MIRRORED).all()


@pytest.mark.parametrize('axis', [0, 1])
@pytest.mark.parametrize('side', [-1, 1])
def test_margin_around_the_image(axis: int, side: int) -> None:
    schema = get_schema('mtfl5')
    edge = 0 if side < 0 else SIZE - 1
    for beyond, bad in ((MARGIN * SIZE - 0.5, False), (MARGIN * SIZE + 0.5, True)):
        points = toy_face(schema)
        points[2, axis] = edge + side * beyond
        assert bool(point_problem(record(points), IMAGE, schema)) is bad


@pytest.mark.parametrize(
    ('change', 'reason'),
    [
        (lambda p: p[:4], '4 points where 5'),
        (lambda p: np.where(np.arange(5)[:, None] == 3, np.nan, p), 'point 3 is not finite'),
        (lambda p: np.where(np.arange(5)[:, None] == 3, np.inf, p), 'point 3 is not finite'),
        (lambda p: np.full((5, 2), 40.0), 'coincide'),
    ],
)
def test_bad_points(change: object, reason: str) -> None:
    schema = get_schema('mtfl5')
    assert reason in point_problem(record(change(toy_face(schema))), IMAGE, schema)


def test_no_labelled_point() -> None:
    schema = get_schema('mtfl5')
    face = replace(record(toy_face(schema)), visibility=np.zeros(5, int))
    assert point_problem(face, IMAGE, schema) == 'no point is labelled'


@pytest.mark.parametrize(
    ('rect', 'bad'),
    [
        ([0, 0, 95, 95], False),
        ([0, 0, 95, 45], True),  # the eyes only: 2 of 5 points
        ([60, 60, 10, 90], True),
        ([200, 0, 300, 90], True),
        ([np.nan, 0, 95, 95], True),
    ],
)
def test_rectangles(rect: list[float], bad: bool) -> None:
    face = record(toy_face(get_schema('mtfl5')), rect=np.array(rect, dtype=float))
    assert bool(rect_problem(face)) is bad


@pytest.mark.parametrize(
    ('size', 'said'),
    [
        (None, None),
        ((96, 96), None),
        ((97, 95), None),
        ((192, 192), '192 x 192, and this one has 96 x 96'),
        ((48, 96), '48 x 96'),
    ],
)
def test_a_picture_of_another_size_than_was_annotated(
    size: tuple[int, int] | None, said: str | None
) -> None:
    face = record(toy_face(get_schema('300w68')), stated_size=size)
    problem = size_problem(face, IMAGE)
    assert problem is None if said is None else said in problem


def test_a_picture_that_was_turned_since_it_was_annotated() -> None:
    face = record(toy_face(get_schema('300w68')), stated_size=(96, 60))
    assert 'EXIF' in size_problem(face, ImageInfo(60, 96, IMAGE.thumb))


@pytest.mark.parametrize('orientation', [3, 6, 8])
def test_points_of_a_picture_before_exif_turns_it(orientation: int) -> None:
    schema = get_schema('300w68')
    turns = {3: -np.eye(2), 6: np.array([[0, 1], [-1, 0]]), 8: np.array([[0, -1], [1, 0]])}
    image = replace(IMAGE, orientation=orientation)
    upright = [record(toy_face(schema, i)) for i in range(3)]
    stored = [record(toy_face(schema, i) @ turns[orientation].T) for i in range(3)]

    def judge(faces: list[FaceRecord], images: list[ImageInfo]) -> list[bool]:
        return faces_before_exif(faces, images, schema).tolist()

    assert judge(stored, [image] * 3) == [True] * 3
    assert judge(upright, [image] * 3) == [False] * 3
    assert judge(stored, [IMAGE] * 3) == [False] * 3
    assert judge([*upright, stored[0]], [image] * 4) == [False] * 4  # one lies down
    assert judge([*stored, upright[0]], [image] * 4) == [True] * 3 + [False]
