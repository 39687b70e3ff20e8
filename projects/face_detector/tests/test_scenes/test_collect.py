"""Which faces a split is made of."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from helpers.face_folder import write_face_folder

from fanet_mmpose.errors import UserError
from projects.face_detector.scenes.collect import FaceSets, collect_faces

MODEL = 'fanet_lite_300w'


def sets(*folders: Path, weights: tuple[float, ...] = (), drawn: float = 0.0) -> FaceSets:
    return FaceSets(folders, weights, drawn, seed=0, model=MODEL)


def test_folders_of_both_kinds_and_a_folder_without_the_split(tmp_path: Path) -> None:
    many, few = tmp_path / 'many', tmp_path / 'few'
    write_face_folder(many)
    write_face_folder(many, split='val')
    write_face_folder(few, 'mtfl5')
    collect_faces(sets(many, few), 'train', tmp_path / 'out')
    completed = tmp_path / 'out' / 'few_train_68.json'
    stamp = completed.stat().st_mtime_ns
    faces = collect_faces(sets(many, few), 'train', tmp_path / 'out')
    assert completed.stat().st_mtime_ns == stamp  # not made again
    assert faces.draw(np.random.default_rng(0)).points.shape == (68, 2)
    collect_faces(sets(many, few), 'val', tmp_path / 'out')
    with pytest.raises(UserError, match=r'none of the folders has annotations/val.json'):
        collect_faces(sets(few), 'val', tmp_path / 'out')


def test_without_folders_faces_are_drawn_and_splits_share_none(tmp_path: Path) -> None:
    train, val = (collect_faces(sets(), split, tmp_path) for split in ('train', 'val'))
    one, other = (faces.draw(np.random.default_rng(0)).image for faces in (train, val))
    assert not np.array_equal(one, other)


@pytest.mark.parametrize(
    ('weights', 'drawn', 'sentence'),
    [((1.0, 2.0), 0.0, '1 folders of faces need as many weights'), ((0.0,), 0.0, 'above 0'),
     ((), 1.5, 'must be 0 to 1')],
)  # fmt: skip
def test_bad_shares(weights: tuple, drawn: float, sentence: str, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=sentence):
        sets(tmp_path, weights=weights, drawn=drawn)


def test_a_folder_that_is_no_data_set(tmp_path: Path) -> None:
    with pytest.raises(UserError, match='has no folder "annotations"'):
        collect_faces(sets(tmp_path), 'train', tmp_path)
