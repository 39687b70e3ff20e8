"""Labels with an annotation bias, made from faces whose true points are known."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from fanet_mmpose.errors import UserError
from fanet_mmpose.evaluation.results_file import FORMAT, VERSION
from fanet_mmpose.labelling.harmonize import Harmonized, harmonize, harmonize_file

EYES = (36, 45)
WIDTH = 100.0  # px between the eyes


class Faces:
    """N faces of 68 points that differ in one way, `pose`, seen by two sets and by a model."""

    def __init__(self, count: int = 400, noise: float = 1.0, seed: int = 0) -> None:
        rng = np.random.default_rng(seed)
        face, turn = rng.uniform(-60, 60, (2, 68, 2))
        face[36], face[45], turn[[36, 45]] = (-WIDTH / 2, 0), (WIDTH / 2, 0), 0
        pose = rng.uniform(-1, 1, (count, 1, 1))
        self.truth = 300 + face + 0.3 * pose * turn
        bias, more = rng.normal(0, 4, (2, 68, 2))
        self.bias = bias + pose * more
        self.labels = self.truth + self.bias + rng.normal(0, noise, self.truth.shape)
        self.predicted = self.truth + rng.normal(0, noise, self.truth.shape)


def distance(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.linalg.norm(a - b, axis=-1).mean())


def test_the_bias_goes_and_two_noises_are_less_than_one() -> None:
    faces = Faces()
    made = harmonize(faces.predicted, faces.labels, EYES)
    assert distance(faces.labels, faces.truth) > 5
    assert distance(made.points, faces.truth) < 0.85 * distance(faces.predicted, faces.truth)
    assert made.before.mean() * WIDTH > 5
    assert made.after.mean() < made.before.mean() / 2


def test_labels_keep_what_they_know() -> None:
    faces = Faces(noise=0.0)
    mistakes = np.random.default_rng(1).normal(0, 2, faces.truth.shape)
    mistakes[:, EYES] = 0
    made = harmonize(faces.truth + mistakes, faces.labels, EYES, trust=1)
    assert distance(made.points, faces.truth) < 0.35 * distance(mistakes, np.zeros(2))


def test_without_trust_the_prediction_stays() -> None:
    faces = Faces()
    made = harmonize(faces.predicted, faces.labels, EYES, trust=0)
    np.testing.assert_allclose(made.points, faces.predicted)


def test_turned_scaled_and_moved_faces_give_turned_scaled_and_moved_labels() -> None:
    faces = Faces(count=80)
    turn = 1.7 * np.array([[0.8, -0.6], [0.6, 0.8]])
    moved = [points @ turn.T + [7.0, -3.0] for points in (faces.predicted, faces.labels)]
    plain = harmonize(faces.predicted, faces.labels, EYES)
    made = harmonize(*moved, EYES)
    np.testing.assert_allclose(made.points, plain.points @ turn.T + [7.0, -3.0], atol=1e-6)
    np.testing.assert_allclose(made.after, plain.after, atol=1e-9)


def test_a_model_of_other_points_is_refused() -> None:
    faces = Faces(count=60)
    with pytest.raises(UserError, match='0 of 60 faces'):
        harmonize(faces.predicted[:, ::-1], faces.labels, EYES)
    with pytest.raises(UserError, match='50 are needed'):
        harmonize(faces.predicted[:20], faces.labels[:20], EYES)


def write_files(folder: Path, faces: Faces, predicted: int, flag: int = 2) -> tuple[Path, Path]:
    """A results file with the first `predicted` faces, and an annotation file with all."""
    keypoints = [np.hstack([p, np.full((68, 1), flag)]).ravel().tolist() for p in faces.labels]
    annotations = [
        dict(id=i, image_id=i, keypoints=k, subject=f'person {i}', bbox=[1, 2, 3, 4])
        for i, k in enumerate(keypoints)
    ]
    images = [dict(id=i, file_name=f'{i}.jpg') for i in range(len(keypoints))]
    labels, results = folder / 'train.json', folder / 'results.json'
    labels.write_text(json.dumps(dict(images=images, annotations=annotations)))
    found = [dict(id=i, predicted=p.tolist()) for i, p in enumerate(faces.predicted[:predicted])]
    content = dict(format=FORMAT, version=VERSION, schema='300w68', faces=found)
    results.write_text(json.dumps(content))
    return results, labels


def test_a_file_keeps_all_but_the_points(tmp_path: Path) -> None:
    faces = Faces(count=60)
    results, labels = write_files(tmp_path, faces, predicted=60)
    made = harmonize_file(results, labels, tmp_path / 'out.json')
    assert isinstance(made, Harmonized)
    before, after = (json.loads(p.read_text()) for p in (labels, tmp_path / 'out.json'))
    points = np.array([face.pop('keypoints') for face in after['annotations']])
    np.testing.assert_allclose(points.reshape(60, 68, 3)[..., :2], made.points, atol=6e-4)
    assert (points.reshape(60, 68, 3)[..., 2] == 2).all()
    for face in before['annotations']:
        del face['keypoints']
    assert after == before


@pytest.mark.parametrize(
    ('predicted', 'flag', 'trust', 'sentence'),
    [
        (59, 2, 0.5, 'annotation 59 lacks a label or a prediction'),
        (60, 0, 0.5, 'annotation 0 lacks a label or a prediction'),
        (60, 2, 1.5, '--trust 1.5: must be from 0 to 1'),
    ],
)
def test_what_cannot_be_harmonized_is_named(
    tmp_path: Path, predicted: int, flag: int, trust: float, sentence: str
) -> None:
    results, labels = write_files(tmp_path, Faces(count=60), predicted, flag)
    with pytest.raises(UserError, match=sentence):
        harmonize_file(results, labels, tmp_path / 'out.json', trust)
    assert not (tmp_path / 'out.json').exists()
