"""Errors of a model on a set: the right box, the labelled points alone."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import cv2
import numpy as np
import pytest

from fanet_mmpose.geometry.boxes import tight_box
from fanet_mmpose.geometry.crop import crop_matrix, transform_points
from fanet_mmpose.geometry.schemas import get_schema
from projects.release.tools.wild_val import AS_98, errors, row

POINTS = np.random.default_rng(0).uniform(60, 140, (68, 2))
EYES = np.linalg.norm(POINTS[36] - POINTS[45])


class Shifted:
    """Finds every point `shift` px of the picture too far right."""

    def __init__(
        self, shift: float, points: np.ndarray = POINTS, schema_name: str = '300w68'
    ) -> None:
        self.shift, self.points = shift, points
        schema = get_schema(schema_name)
        self.info = SimpleNamespace(input_size=(128, 128), padding=1.25, schema=schema)

    def __call__(self, crops: np.ndarray) -> SimpleNamespace:
        matrix = crop_matrix(tight_box(self.points), (128, 128), 1.25)
        moved = transform_points(self.points + [self.shift, 0], matrix)
        return SimpleNamespace(keypoints=moved[None].astype(np.float32))


@pytest.fixture
def annotations(tmp_path: Path) -> Path:
    cv2.imwrite(str(tmp_path / 'a.png'), np.zeros((200, 200, 3), np.uint8))
    box = tight_box(POINTS)
    flags = np.full(68, 2.0)
    faces = []
    for index, hidden in enumerate((0, 17)):  # of the second face the contour has no label
        own = flags.copy()
        own[:hidden] = 0
        face = dict(id=index, image_id=1, bbox=[*box[:2], *(box[2:] - box[:2])])
        faces.append(dict(face, keypoints=np.column_stack([POINTS, own]).ravel().tolist()))
    path = tmp_path / 'val.json'
    path.write_text(json.dumps(dict(images=[dict(id=1, file_name='a.png')], annotations=faces)))
    return path


def test_a_known_shift_is_the_error(annotations: Path) -> None:
    of_all, of_inner = errors(Shifted(3.0), annotations, annotations.parent)
    np.testing.assert_allclose(of_all, 3.0 / EYES, rtol=1e-3)
    np.testing.assert_allclose(of_inner, of_all, rtol=1e-6)


def test_a_row_by_hand() -> None:
    found = row(np.array([0.05, 0.15]), np.array([0.02, 0.04]))
    assert found == dict(
        faces=2, NME=10.0, NME_inner51=3.0, median=10.0, FR10=50.0, FR10_inner51=0.0
    )
    assert row(np.array([0.05]), np.array([0.02]), AS_98)['NME_inner65'] == 2.0


def test_98_points_are_measured_as_they_are(annotations: Path) -> None:
    points = np.random.default_rng(1).uniform(60, 140, (98, 3))
    points[:, 2] = 2
    content = json.loads(annotations.read_text())
    content['annotations'] = content['annotations'][:1]
    content['annotations'][0]['point_sets'] = dict(wflw98=dict(keypoints=points.ravel().tolist()))
    annotations.write_text(json.dumps(content))
    model = Shifted(2.0, points[:, :2], 'wflw98')
    (error,), _ = errors(model, annotations, annotations.parent, AS_98)
    assert error == pytest.approx(2 / np.linalg.norm(points[60, :2] - points[72, :2]), rel=1e-3)
