"""Sets of 5 points get 68."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from helpers.face_folder import FACES, write_face_folder

from fanet_mmpose.datasets.annotations import load_annotations
from fanet_mmpose.errors import UserError
from projects.face_detector.scenes.face_sources import DrawnFaces
from projects.face_detector.scenes.few_points import complete_points

MODEL = 'fanet_lite_300w'


def test_points_are_near_the_drawn_ones(tmp_path: Path) -> None:
    path, out = write_face_folder(tmp_path, 'mtfl5'), tmp_path / 'out.json'
    kept = complete_points(path, tmp_path, out, MODEL)
    faces = load_annotations(out)
    assert 1 <= kept == len(faces) <= FACES
    by_name = {f'train/{number}.png': DrawnFaces(3, FACES)[number] for number in range(FACES)}
    for face in faces.values():
        truth = by_name[face.image].points
        side = np.ptp(truth, 0).max()
        assert face.points.shape == (68, 2)
        assert np.linalg.norm(face.points - truth, axis=1).mean() < 0.1 * side


def test_faces_that_the_model_finds_elsewhere_are_left_out(tmp_path: Path) -> None:
    path = write_face_folder(tmp_path, 'mtfl5')
    content = json.loads(path.read_text())
    for annotation in content['annotations']:
        points = np.array(annotation['keypoints']).reshape(5, 3)
        annotation['keypoints'] = (points[::-1]).ravel().tolist()  # mouth for eyes
    path.write_text(json.dumps(content))
    with pytest.raises(UserError, match='agrees with not one of 3 faces'):
        complete_points(path, tmp_path, tmp_path / 'out.json', MODEL)
    assert not (tmp_path / 'out.json').exists()
