"""FaceBox: three sources of the box, and what it says when there is none."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip('mmpose')

from mmpose.datasets.transforms import GetBBoxCenterScale
from mmpose.registry import TRANSFORMS

import fanet_mmpose.datasets.face_box  # noqa: F401
from fanet_mmpose.errors import UserError


def face(**fields: object) -> dict:
    points = np.array([[[10, 20], [50, 40], [30, 100], [999, 999]]], np.float32)
    return {
        'id': 7,
        'img_path': 'a.jpg',
        'keypoints': points,
        'keypoints_visible': np.array([[1, 1, 1, 0]], np.float32),
        'bbox': np.array([[0, 0, 1, 1]], np.float32),
        'bbox_center': np.zeros((1, 2), np.float32),
        'bbox_scale': np.ones((1, 2), np.float32),
        **fields,
    }


def build(**settings: object) -> object:
    return TRANSFORMS.build({'type': 'FaceBox', **settings})


def check(results: dict, box: list[float]) -> None:
    x1, y1, x2, y2 = box
    np.testing.assert_allclose(results['bbox'], [box])
    np.testing.assert_allclose(results['bbox_center'], [[(x1 + x2) / 2, (y1 + y2) / 2]])
    np.testing.assert_allclose(results['bbox_scale'], np.full((1, 2), max(x2 - x1, y2 - y1)))


def test_points() -> None:
    check(build(source='points')(face()), [10, 20, 50, 100])


def test_points_with_weights() -> None:
    visible = np.array([[[0, 1], [1, 1], [1, 1], [1, 0]]], np.float32)
    check(build(source='points')(face(keypoints_visible=visible)), [10, 20, 50, 100])


@pytest.mark.parametrize('source, field', [('rectangle', 'bbox_rect'), ('detector', 'mtcnn')])
def test_stored_in_the_sample(source: str, field: str) -> None:
    results = face(raw_ann_info={field: [1, 2, 30, 20]})
    check(build(source=source, field=field)(results), [1, 2, 31, 22])


def test_stored_in_the_file(tmp_path: Path) -> None:
    annotation = {'id': 7, 'image_id': 1, 'keypoints': [1, 1, 2], 'bbox_detector': [1, 2, 30, 20]}
    file = tmp_path / 'val.json'
    file.write_text(json.dumps({'images': [], 'annotations': [annotation]}))
    check(build(source='detector', ann_file=str(file))(face()), [1, 2, 31, 22])


def test_padding_applies_afterwards() -> None:
    results = GetBBoxCenterScale(padding=1.5)(build(source='points')(face()))
    np.testing.assert_allclose(results['bbox_scale'], [[120, 120]])


@pytest.mark.parametrize('stored', [None, [1, 2, 0, 5], [1, 2]])
def test_no_box(stored: list | None) -> None:
    with pytest.raises(UserError, match="face 7 of a.jpg has no box 'bbox_rect'"):
        build(source='rectangle')(face(raw_ann_info={'bbox_rect': stored}))


def test_missing_box_may_be_the_points() -> None:
    transform = build(source='detector', missing='points')
    check(transform(face(raw_ann_info={'bbox_detector': None})), [10, 20, 50, 100])
    check(transform(face(raw_ann_info={'bbox_detector': [1, 2, 30, 20]})), [1, 2, 31, 22])


def test_no_point() -> None:
    with pytest.raises(UserError, match='no labelled point'):
        build(source='points')(face(keypoints_visible=np.zeros((1, 4))))


def test_unknown_source() -> None:
    with pytest.raises(UserError, match='points, rectangle, detector'):
        build(source='ears')
    with pytest.raises(UserError, match='error, points'):
        build(missing='guess')
