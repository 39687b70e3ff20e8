"""Machine-drawn labels: corrected to people's convention, combined by agreement."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from fanet_mmpose.errors import UserError
from fanet_mmpose.geometry.similarity import apply_similarity, fit_similarity, undo_similarity
from fanet_mmpose.labelling.agreement import agree
from fanet_mmpose.labelling.correction import fit_correction, mean_shape
from fanet_mmpose.labelling.two_views import Seen, upright_matrix
from fanet_mmpose.labelling.weak_labels import (
    EYES,
    is_in_val,
    person,
    read_weak_set,
    to_annotation,
    weigh,
)

RNG = np.random.default_rng(0)
SHAPE = RNG.uniform(-1, 1, (68, 2))
SHAPE[list(EYES)] = [[-0.5, 0], [0.5, 0]]


def faces(count: int) -> np.ndarray:
    """Turned, scaled and moved versions of slightly different shapes [N, 68, 2]."""
    shapes = SHAPE + RNG.normal(0, 0.03, (count, 68, 2))
    angle, size = RNG.uniform(-3, 3, count), RNG.uniform(50, 200, count)
    turns = np.stack([np.cos(angle), -np.sin(angle), np.sin(angle), np.cos(angle)], -1)
    turned = np.einsum('nij,nkj->nki', turns.reshape(-1, 2, 2), shapes)
    return turned * size[:, None, None] + RNG.uniform(0, 300, (count, 1, 2))


def test_the_mean_shape_is_upright() -> None:
    points = faces(20)
    assert mean_shape(points, EYES)[EYES[1]] - mean_shape(points, EYES)[EYES[0]] == pytest.approx(
        [1, 0], abs=1e-9
    )


def test_a_constant_bias_of_the_machine_is_taken_away() -> None:
    people = faces(200)
    frames = fit_similarity(people, mean_shape(people, EYES))
    inside = apply_similarity(frames, people)
    machine = undo_similarity(frames, inside + RNG.normal(0, 0.05, (68, 2)))
    correction = fit_correction(machine[:150], people[:150], EYES)
    before = np.abs(machine[150:] - people[150:]).mean()
    after = np.abs(correction(machine[150:]) - people[150:]).mean()
    assert after < before / 5


def test_the_surer_of_machine_and_network_wins() -> None:
    people = faces(60)
    correction = fit_correction(people, people, EYES)
    eyes = np.linalg.norm(people[:, EYES[1]] - people[:, EYES[0]], axis=1)
    assert correction.eye_distances(people) == pytest.approx(eyes, rel=0.15)
    unsure, sure = (
        weigh(
            people,
            Seen(people + 2, np.full((60, 68), scale)),
            correction,
            residual=np.full(68, 1e-4),
        )
        for scale in (50.0, 0.01)
    )
    assert unsure.points == pytest.approx(people, abs=0.5)  # hard for one is hard for both
    assert sure.points == pytest.approx(people + 2, abs=0.1)


def test_too_few_faces_are_refused() -> None:
    with pytest.raises(UserError, match='faces have both labels'):
        fit_correction(faces(10), faces(10), EYES)


def test_agreement_weighs_by_variance_and_distance() -> None:
    first = np.zeros((1, 2, 2))
    second = np.array([[[3.0, 4.0], [0, 0]]])
    found = agree(first, second, (np.full((1, 2), 1.0), np.full((1, 2), 3.0)), np.array([100.0]))
    np.testing.assert_allclose(found.points[0, 0], [0.75, 1.0])  # nearer to the surer one
    assert found.weights[0, 0] < found.weights[0, 1] == 1
    assert found.apart[0, 0] == pytest.approx(0.05)
    assert found.usable.all()


def test_a_crop_is_upright() -> None:
    points = faces(1)[0]
    there = np.hstack([points, np.ones((68, 1))]) @ upright_matrix(points, EYES, 128).T
    left, right = there[list(EYES)]
    assert left[1] == pytest.approx(right[1], abs=1e-6)
    assert right[0] > left[0]
    assert there.min() >= 0
    assert there.max() <= 128


def test_persons_are_held_out_as_a_whole() -> None:
    images = [dict(source=f'Ann_Bee/{i}.jpg', file_name=f'{i}.jpg') for i in range(5)]
    assert {person(image) for image in images} == {'Ann_Bee'}
    assert len({is_in_val(image) for image in images}) == 1


def test_annotations_have_weights_and_a_tight_box() -> None:
    points = faces(1)[0]
    made = to_annotation(dict(image_id=3), points, np.full(68, 0.5), 9)
    assert made['num_keypoints'] == len(made['point_weights']) == 68
    assert made['scale'] == pytest.approx(np.ptp(points, 0).max() / 200, abs=1e-4)


@pytest.mark.parametrize('content', ['[]', '{}', '{"images": [], "annotations": []}', 'x'])
def test_files_without_machine_points_are_refused(content: str, tmp_path: Path) -> None:
    path = tmp_path / 'weak.json'
    path.write_text(content)
    with pytest.raises(UserError, match='weak.json'):
        read_weak_set(path)


def test_a_face_of_no_picture_is_refused(tmp_path: Path) -> None:
    face = dict(id=1, image_id=7, machine98=[0.0] * 196)
    path = tmp_path / 'weak.json'
    path.write_text(json.dumps(dict(images=[], annotations=[face])))
    with pytest.raises(UserError, match='annotation 1 has an image_id'):
        read_weak_set(path)
