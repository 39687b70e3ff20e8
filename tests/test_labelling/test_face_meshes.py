"""Meshes of a set's faces, found once and kept in a file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from helpers.mesh_faces import egg_mesh, write_set

from fanet_mmpose.errors import UserError
from fanet_mmpose.labelling import face_meshes
from fanet_mmpose.labelling.face_meshes import find_meshes, read_meshes


class EveryOther:
    """`FaceMesh` that misses every second face."""

    source = 'a stand-in'

    def __init__(self, static: bool) -> None:
        assert static
        self.looks = 0

    def surface(self, image: np.ndarray) -> np.ndarray | None:
        self.looks += 1
        return egg_mesh() + self.looks if self.looks % 2 else None


def test_found_meshes_come_back_by_their_face(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_set(tmp_path, 3)
    monkeypatch.setattr(face_meshes, 'FaceMesh', EveryOther)
    assert find_meshes(tmp_path, 'train', tmp_path / 'meshes.npz') == 2
    meshes = read_meshes(tmp_path / 'meshes.npz')
    assert list(meshes) == [1, 3]
    assert meshes[3] == pytest.approx(egg_mesh() + 3, abs=1e-4)


def test_a_set_without_a_found_face_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_set(tmp_path, 2)
    monkeypatch.setattr(face_meshes, 'FaceMesh', EveryOther)
    monkeypatch.setattr(EveryOther, 'surface', lambda self, image: None)
    with pytest.raises(UserError, match='no face of train was found by a stand-in'):
        find_meshes(tmp_path, 'train', tmp_path / 'meshes.npz')
    assert not (tmp_path / 'meshes.npz').exists()


def test_other_files_are_refused_in_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / 'meshes.npz'
    with pytest.raises(UserError, match=r'meshes\.npz: is missing: write it with .*turn_faces'):
        read_meshes(path)
    for content in (b'', b'text', b'PK\x03\x04 cut'):
        path.write_bytes(content)
        with pytest.raises(UserError, match='is no file of meshes'):
            read_meshes(path)
    np.savez(path, other=np.zeros(3))
    with pytest.raises(UserError, match='is no file of meshes'):
        read_meshes(path)
    own, one = np.array([1]), np.zeros((1, 468, 3))
    for ids, vertices in (
        (own, np.zeros((2, 468, 2))), (own, one + np.nan), (own, one), (own[0], one),
        (own[None], egg_mesh()[None]),
    ):  # fmt: skip
        np.savez(path, ids=ids, vertices=vertices)
        with pytest.raises(UserError, match='no 468 finite vertices that span a face'):
            read_meshes(path)
