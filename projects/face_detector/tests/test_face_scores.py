"""Scores of a real face, of the same face shrunk, and of a corner without one."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from skimage import data

from fanet_mmpose import weights
from fanet_mmpose.errors import UserError
from fanet_mmpose.inference.landmarker import FaceLandmarker
from projects.face_detector.face_scores import describe_scores, score_corners, score_faces

NAME = 'fanet_lite_300w'
needs_weights = pytest.mark.skipif(NAME not in weights.names(), reason='weights are not shipped')


def write_faces(folder: Path, points: list[np.ndarray]) -> Path:
    """COCO-style file of faces in the public-domain photograph."""
    cv2.imwrite(str(folder / 'face.png'), cv2.cvtColor(data.astronaut(), cv2.COLOR_RGB2BGR))
    keypoints = [np.hstack([p, np.full((len(p), 1), 2)]).ravel().tolist() for p in points]
    faces = [dict(id=i, image_id=1, keypoints=k) for i, k in enumerate(keypoints)]
    path = folder / 'val.json'
    path.write_text(json.dumps(dict(images=[dict(id=1, file_name='face.png')], annotations=faces)))
    return path


@needs_weights
def test_faces_score_higher_than_corners_and_than_tiny_faces(tmp_path: Path) -> None:
    landmarker = FaceLandmarker(NAME)
    (face,) = landmarker(cv2.cvtColor(data.astronaut(), cv2.COLOR_RGB2BGR))
    path = write_faces(tmp_path, [face.points])
    whole, tiny = (score_faces(landmarker, path, tmp_path, side)[0] for side in (None, 8.0))
    assert whole == pytest.approx(face.score, abs=0.05)
    assert tiny < whole
    assert score_corners(landmarker, path, tmp_path)[0] < whole - 0.2


def test_an_empty_file_is_named(tmp_path: Path) -> None:
    path = write_faces(tmp_path, [])
    for score in (score_faces, score_corners):
        with pytest.raises(UserError, match='val.json: there are no faces'):
            score(None, path, tmp_path)


def test_what_is_said_of_scores() -> None:
    said = describe_scores(np.linspace(0, 1, 101))
    assert said == dict(count=101, least=0.0, P1=0.01, P50=0.5, P99=0.99, most=1.0)
