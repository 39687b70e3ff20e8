"""The score of crop, network and way back, on the public-domain photograph."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from skimage import data

from fanet_mmpose import weights
from fanet_mmpose.errors import UserError
from fanet_mmpose.evaluation.inference_score import score_detected, score_inference
from fanet_mmpose.inference.detectors import Detections
from fanet_mmpose.inference.landmarker import FaceLandmarker

NAME = 'fanet_lite_300w'
pytestmark = pytest.mark.skipif(NAME not in weights.names(), reason='weights are not shipped yet')


@pytest.fixture(scope='module')
def landmarker() -> FaceLandmarker:
    return FaceLandmarker(NAME)


def annotate(folder: Path, points: list[np.ndarray]) -> Path:
    """A photograph and a COCO-style file with faces of the given points."""
    (folder / 'annotations').mkdir()
    cv2.imwrite(str(folder / 'face.png'), cv2.cvtColor(data.astronaut(), cv2.COLOR_RGB2BGR))
    faces = [
        dict(
            id=index,
            image_id=1,
            keypoints=np.hstack([p, np.full((len(p), 1), 2)]).ravel().tolist(),
        )
        for index, p in enumerate(points)
    ]
    path = folder / 'annotations' / 'val.json'
    path.write_text(json.dumps(dict(images=[dict(id=1, file_name='face.png')], annotations=faces)))
    return path


def test_what_is_found_is_scored(landmarker: FaceLandmarker, tmp_path: Path) -> None:
    image = cv2.cvtColor(data.astronaut(), cv2.COLOR_RGB2BGR)
    (face,) = landmarker(image)
    # The same face with its points where they are, and with all of them 6 px lower.
    path = annotate(tmp_path, [face.points, face.points + [0.0, 6.0]])
    scores = score_inference(landmarker, path, tmp_path)
    eyes = np.linalg.norm(face.points[36] - face.points[45])
    assert scores['faces'] == 2
    assert scores['NME'] == pytest.approx(100 * 3 / eyes, rel=0.35)
    assert 0 < scores['AUC10'] < 1


def test_rough_boxes_cost_and_another_pass_mends(
    landmarker: FaceLandmarker, tmp_path: Path
) -> None:
    image = cv2.cvtColor(data.astronaut(), cv2.COLOR_RGB2BGR)
    (face,) = landmarker(image)
    path = annotate(tmp_path, [face.points])
    rough = face.box + np.array([-12, 14, 10, 30])
    far = rough + 150
    find = FaceLandmarker(landmarker.model, lambda image, name='': Detections([far, rough], [1, 1]))
    scores = score_detected(find, path, tmp_path, most_passes=2)
    assert (scores['faces'], scores['found'], scores['others']) == (1, 1, 0)
    assert scores['NME_passes_1'] > scores['NME_passes_2']
    assert scores['NME_true_boxes'] < 3
    find.detector = lambda image, name='': Detections([far], [1])
    with pytest.raises(UserError, match='found none of 1 faces'):
        score_detected(find, path, tmp_path)


def test_other_points_and_no_faces(landmarker: FaceLandmarker, tmp_path: Path) -> None:
    path = annotate(tmp_path, [np.zeros((5, 2))])
    with pytest.raises(UserError, match='annotation 0 has other points; the model finds 68'):
        score_inference(landmarker, path, tmp_path)
    path.write_text('{"images": [], "annotations": []}')
    with pytest.raises(UserError, match='there are no faces'):
        score_inference(landmarker, path, tmp_path)
