"""tools/dataset_converters/turn_faces.py as a user runs it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from helpers.mesh_faces import egg_mesh, write_set


def test_meshes_that_are_there_are_used(
    run_tool: Callable[..., None], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    people, out = tmp_path / 'people', tmp_path / 'out'
    write_set(people, 1)
    out.mkdir()
    np.savez(out / 'meshes_train.npz', ids=np.array([1]), vertices=egg_mesh()[None])
    run_tool('turn_faces', '--people', people, '--out', out, '--turns', '1')
    assert 'train: 1 turned copies' in capsys.readouterr().out
    assert (out / 'images/train_00001_0.jpg').is_file()


def test_wrong_input_is_a_sentence(sentence: Callable[..., str], tmp_path: Path) -> None:
    assert 'yaw must be' in sentence('turn_faces', '--out', tmp_path, '--yaw', '80', '20')
    said = sentence('turn_faces', '--people', tmp_path / 'gone', '--out', tmp_path)
    assert 'is missing' in said
