"""Boxes come from detectors and models, and never from labels."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import cv2
import numpy as np
import pytest
import torch
from mmengine.structures import InstanceData
from mmpose.registry import DATASETS

from fanet_mmpose.errors import UserError
from fanet_mmpose.semi.own_boxes import (
    BoxedFace,
    calibrated_detector,
    largest_faces,
    refine_boxes,
    to_coco,
)
from fanet_mmpose.synthetic.variety import PLAIN
from fanet_mmpose.synthetic.write_set import write_set

PIPELINE = [
    dict(type='LoadFaceImage'),
    dict(type='GetBBoxCenterScale'),
    dict(type='TopdownAffine', input_size=(64, 64)),
    dict(type='PackPoseInputs'),
]


@pytest.fixture(scope='module')
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six faces that look straight ahead."""
    root = tmp_path_factory.mktemp('drawn')
    write_set(root, '300w68', num=6, splits=['train'], variety=PLAIN)
    return root


def fake_detector(boxes: list):
    return lambda image, name: SimpleNamespace(boxes=np.array(boxes, float).reshape(-1, 4))


def read_back(root: Path, faces: list[BoxedFace]):
    (root / 'boxes.json').write_text(json.dumps(to_coco(faces)))
    return DATASETS.build(
        dict(type='UnlabelledFaceDataset', ann_file=str(root / 'boxes.json'),
             data_prefix=dict(img=f'{root}/'))
    )  # fmt: skip


def test_the_largest_face_is_taken_and_none_is_left_out(tmp_path: Path) -> None:
    paths = [tmp_path / 'a.png', tmp_path / 'b.png']
    for path in paths:
        cv2.imwrite(str(path), np.zeros((40, 50, 3), np.uint8))
    faces = list(largest_faces(paths, tmp_path, fake_detector([[1, 2, 11, 12], [0, 0, 30, 20]])))
    assert [face.name for face in faces] == ['a.png', 'b.png']
    np.testing.assert_array_equal(faces[0].box, [0, 0, 30, 20])
    assert faces[0].size == (50, 40)
    assert not list(largest_faces(paths, tmp_path, fake_detector([])))


def test_what_is_written_is_read_as_faces_without_points(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / 'a.png'), np.zeros((40, 50, 3), np.uint8))
    content = to_coco([BoxedFace('a.png', (50, 40), np.array([5.0, 10, 25, 26]), 0.5)])
    assert 'keypoints' not in json.dumps(content)
    face = read_back(tmp_path, [BoxedFace('a.png', (50, 40), np.array([5.0, 10, 25, 26]))])[0]
    np.testing.assert_allclose(face['bbox_center'], [[15, 18]])
    np.testing.assert_allclose(face['bbox_scale'], [[20, 20]])


def test_drawn_faces_calibrate_a_detector(drawn: Path) -> None:
    detector = calibrated_detector('haar', drawn)
    mapping = detector.mapping
    assert 0.6 < mapping.scale < 1.2 and abs(mapping.dx) < 0.1
    found = list(largest_faces(sorted((drawn / 'images').iterdir()), drawn, detector))
    truth = json.loads((drawn / 'annotations/train.json').read_text())['annotations'][0]
    middle = (found[0].box[:2] + found[0].box[2:]) / 2
    assert np.abs(middle - truth['center']).max() < 0.15 * 200 * truth['scale']


class Compass(torch.nn.Module):
    """Finds four points round the middle of what it is given, 20 px out; scores as told."""

    def __init__(self, score: float) -> None:
        super().__init__()
        self.score = score

    def test_step(self, batch: dict) -> list:
        found = []
        for sample in batch['data_samples']:
            middle = sample.metainfo['input_center']
            points = middle + 20.0 * np.array([[1, 0], [-1, 0], [0, 1], [0, -1]])
            sample.pred_instances = InstanceData(
                keypoints=points[None], keypoint_scores=np.full((1, 4), self.score)
            )
            found.append(sample)
        return found


def boxes_file(drawn: Path, out: Path) -> Path:
    names = [f'images/{path.name}' for path in sorted((drawn / 'images').iterdir())]
    boxes = [BoxedFace(name, (224, 224), np.array([50.0, 60, 150, 170])) for name in names]
    out.write_text(json.dumps(to_coco(boxes)))
    return out


def test_a_models_points_are_boxed_tightly(drawn: Path, tmp_path: Path) -> None:
    boxes = boxes_file(drawn, tmp_path / 'boxes.json')
    faces = refine_boxes(Compass(0.8), PIPELINE, boxes, drawn, least=0.5)
    assert [face.name for face in faces] == [
        f'images/{path.name}' for path in sorted((drawn / 'images').iterdir())
    ]
    np.testing.assert_allclose(faces[0].box, [80, 95, 120, 135], atol=1e-3)
    assert faces[0].score == pytest.approx(0.8)
    assert faces[0].size == (224, 224)


def test_unsure_faces_are_left_out_and_nothing_left_is_said(drawn: Path, tmp_path: Path) -> None:
    boxes = boxes_file(drawn, tmp_path / 'boxes.json')
    with pytest.raises(UserError, match='no face scores 0.5'):
        refine_boxes(Compass(0.3), PIPELINE, boxes, drawn, least=0.5)
