"""Faces by number."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from helpers.face_folder import FACES, write_face_folder

from fanet_mmpose.errors import UserError
from projects.face_detector.scenes.face_sources import AnnotatedFaces, DrawnFaces, MixedFaces


def test_annotated_faces_are_what_was_drawn(tmp_path: Path) -> None:
    faces, drawn = AnnotatedFaces(write_face_folder(tmp_path), tmp_path), DrawnFaces(3, FACES)
    assert len(faces) == FACES
    for number in range(FACES):
        assert np.array_equal(faces[number].image, drawn[number].image)
        assert faces[number].points == pytest.approx(drawn[number].points, abs=1e-3)


def test_other_point_sets_and_empty_files_are_named(tmp_path: Path) -> None:
    path = write_face_folder(tmp_path, 'mtfl5')
    with pytest.raises(UserError, match=r'train.json: annotation 0 has 5 points'):
        AnnotatedFaces(path, tmp_path)
    path.write_text('{"images": [], "annotations": []}')
    with pytest.raises(UserError, match='has no faces'):
        AnnotatedFaces(path, tmp_path)


def test_a_lost_picture_is_named(tmp_path: Path) -> None:
    faces = AnnotatedFaces(write_face_folder(tmp_path), tmp_path)
    (tmp_path / 'train' / '1.png').unlink()
    with pytest.raises(UserError, match=r'1\.png: cannot be read'):
        faces[1]


def test_sources_are_drawn_by_weight() -> None:
    class Numbered:
        def __init__(self, name: str) -> None:
            self.name = name

        def __len__(self) -> int:
            return 5

        def __getitem__(self, index: int) -> str:
            return self.name

    mixed = MixedFaces([Numbered('a'), Numbered('b'), Numbered('c')], [3, 1, 0])
    rng = np.random.default_rng(0)
    drawn = [mixed.draw(rng) for _ in range(400)]
    assert drawn.count('a') == pytest.approx(300, abs=40)
    assert drawn.count('c') == 0
