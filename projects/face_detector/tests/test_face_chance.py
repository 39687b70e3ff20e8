"""The fit tells apart what can be told apart, and keeps to the false faces that are allowed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from fanet_mmpose.errors import UserError
from projects.face_detector.face_chance.features import Candidate, Seen, best
from projects.face_detector.face_chance.fit import constant_for, fit_faces, logistic, losses
from projects.face_detector.face_chance.pictures import FIT, HELD_OUT, changed, empty_groups


def seen(split: str, seed: int) -> list[Seen]:
    """80 faces, sure in both ways, and 100 pictures of textures that fool the detector."""
    rng = np.random.default_rng(seed)
    sure, unsure = rng.uniform(0.5, 1, 80), rng.uniform(0.2, 0.9, 100)
    faces = [Candidate(*pair) for pair in zip(sure, rng.normal(-4.5, 0.4, 80), strict=True)]
    others = [Candidate(*pair) for pair in zip(unsure, rng.normal(-2, 0.5, 100), strict=True)]
    return [Seen('faces', split, 80, faces, []), Seen('empty', split, 100, [], others)]


def test_a_logistic_regression() -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(4000, 1))
    labels = rng.uniform(size=4000) < 1 / (1 + np.exp(-(0.5 + 2 * x[:, 0])))
    constant, weight = logistic(x, labels)
    assert weight == pytest.approx(2, abs=0.3)
    assert abs(constant) < 1  # classes count alike, so the constant is another


def test_held_out_faces_stay_and_textures_go() -> None:
    groups = [*seen(FIT, 0), *seen(HELD_OUT, 1)]
    fit = fit_faces(groups, 0.03)
    faces, empty = (losses(group, fit) for group in groups[2:])
    assert faces['missed'] <= 0.05
    assert empty['false_a_picture'] <= 0.08


@pytest.mark.parametrize(('rate', 'kept'), [(0.0, 0), (0.03, 3), (0.1, 10), (2.0, 50)])
def test_the_constant_keeps_to_the_rate(rate: float, kept: int) -> None:
    logits = np.linspace(5, 1, 50)
    limit = np.log(0.4 / 0.6)
    assert (logits + constant_for(logits, 100, rate) >= limit).sum() == kept


def test_which_candidate_is_the_face() -> None:
    image = np.zeros((100, 100, 3), np.uint8)
    near, far = np.array([10.0, 10, 40, 40]), np.array([60.0, 60, 90, 90])
    found = [(Candidate(0.5, -4), near), (Candidate(0.9, -3), far)]
    assert best(found, near, (image, [])).score == 0.5
    assert best(found, np.array([0.0, 60, 20, 90]), (image, [])) is None
    assert best(found, np.array([0.0, 0, 100, 100]), (image, [])).score == 0.9


def test_faces_without_points_have_their_box() -> None:
    image = np.zeros((50, 50, 3), np.uint8)
    picture, boxes = changed(image, {'bbox': [5, 6, 10, 20]}, (), np.random.default_rng(0))
    assert boxes[0].tolist() == [5, 6, 15, 26]
    assert picture is image


def test_missing_parts_are_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r'find_empty_parts\.py'):
        empty_groups(tmp_path, tmp_path / 'parts.json')
