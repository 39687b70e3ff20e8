"""Turned copies of faces, as a set to train on."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from helpers.mesh_faces import SIDE, egg_mesh, egg_points, write_set

from fanet_mmpose.errors import UserError
from fanet_mmpose.labelling.turned_set import (
    NEAR_JAW,
    TurnOptions,
    can_be_turned,
    draw_angles,
    write_turned_set,
)
from fanet_mmpose.synthetic.photo_head import axes_of, make_head


@pytest.fixture
def people(tmp_path: Path) -> Path:
    """Three faces, with meshes of two."""
    root = tmp_path / 'people'
    write_set(root, 3)
    np.savez(root / 'meshes.npz', ids=np.array([1, 3]), vertices=np.stack([egg_mesh()] * 2))
    return root


def test_copies_are_a_set_of_weighted_faces(people: Path, tmp_path: Path) -> None:
    out = tmp_path / 'out'
    assert write_turned_set(people, 'train', people / 'meshes.npz', out) == 4
    content = json.loads((out / 'annotations/train.json').read_text())
    assert [face['source_face'] for face in content['annotations']] == [1, 1, 3, 3]
    for image, face in zip(content['images'], content['annotations'], strict=True):
        assert cv2.imread(str(out / image['file_name'])).shape == (384, 384, 3)
        yaw, weights = face['head_pose'][0], np.array(face['point_weights'])
        assert 35 <= abs(yaw) <= 85
        far, near = (slice(9, 17), slice(1, 7)) if yaw > 0 else (slice(0, 8), slice(10, 16))
        assert (weights[far] == 0).all() and (weights[near] == NEAR_JAW).all()
        assert (weights[17:] == 1).all()
        assert set(face['keypoints'][2::3]) == {1.0, 2.0}
        assert face['center'] == pytest.approx([192, 192])
    yaws = [abs(face['head_pose'][0]) for face in content['annotations']]
    assert all(first <= 60 <= second for first, second in zip(yaws[::2], yaws[1::2], strict=True))


def test_the_dataset_reads_them(people: Path, tmp_path: Path) -> None:
    pytest.importorskip('mmpose')
    from fanet_mmpose.datasets.weighted_face_dataset import WeightedFaceDataset

    write_turned_set(people, 'train', people / 'meshes.npz', tmp_path, TurnOptions(turns=1))
    data = WeightedFaceDataset(
        occlusion=True, data_root=str(tmp_path), ann_file='annotations/train.json',
        data_prefix=dict(img=''), data_mode='topdown', pipeline=[],
    )  # fmt: skip
    seen, weights = data[0]['keypoints_visible'][0].T
    assert set(seen) == {0, 1}
    assert set(np.round(weights, 3)) <= {0, np.float32(NEAR_JAW), 1}


def test_the_same_seed_makes_the_same_files(people: Path, tmp_path: Path) -> None:
    files = []
    for name, seed in (('a', 0), ('b', 0), ('c', 1)):
        options = TurnOptions(turns=1, most=1, seed=seed)
        write_turned_set(people, 'train', people / 'meshes.npz', tmp_path / name, options)
        files.append((tmp_path / name / 'images/train_00001_0.jpg').read_bytes())
    assert files[0] == files[1] != files[2]


def test_faces_are_turned_on_the_way_they_are() -> None:
    mesh, rng = egg_mesh(), np.random.default_rng(0)
    for yaw in (-30, 30):
        turned = (mesh - 192) @ axes_of(np.array([yaw, 0, 0])).T + 192
        head = make_head(turned, egg_points(turned))
        for number in range(2):
            new = draw_angles(head, number, TurnOptions(), rng)[0]
            assert np.sign(new) == np.sign(yaw) and abs(new) >= 42 - 1e-6


def test_what_is_not_turned() -> None:
    mesh = egg_mesh()
    points, size = egg_points(mesh), (SIDE, SIDE)
    assert can_be_turned(make_head(mesh, points), size)
    assert not can_be_turned(make_head(mesh, points), (SIDE, 310))  # cut below the chin
    assert not can_be_turned(make_head(mesh, points + 10), size)  # a bad fit
    profile = (mesh - 192) @ axes_of(np.array([50, 0, 0])).T + 192
    assert not can_be_turned(make_head(profile, egg_points(profile)), size)


def test_wrong_options_and_sets_are_sentences(people: Path, tmp_path: Path) -> None:
    for wrong, said in (
        (dict(yaw=(50, 40)), 'yaw must be two angles'), (dict(yaw=(0, 120)), 'from 0 to 90'),
        (dict(pitch=-1), 'pitch must be'), (dict(turns=0), 'turns and most must be'),
        (dict(seed=-1), 'seed at least 0'),
    ):  # fmt: skip
        with pytest.raises(UserError, match=said):
            TurnOptions(**wrong)
    np.savez(people / 'others.npz', ids=np.array([7]), vertices=egg_mesh()[None])
    with pytest.raises(UserError, match='no face of train can be turned'):
        write_turned_set(people, 'train', people / 'others.npz', tmp_path)
    file = people / 'annotations/train.json'
    text = file.read_text()
    for old, new, said in (
        ('"keypoints": [', '"keypoints": [1, ', '"keypoints" is not 204'),
        ('"width": 384', '"width": null', 'image 1 has no width and height'),
        ('{"id": 1, "image_id"', '{"id": "a", "image_id"', "the id 'a', no whole number"),
        ('{"id": 1, "image_id"', '{"id": 3, "image_id"', 'two annotations have the id 3'),
    ):
        file.write_text(text.replace(old, new))
        with pytest.raises(UserError, match=said):
            write_turned_set(people, 'train', people / 'meshes.npz', tmp_path)


def test_the_set_itself_is_not_overwritten(people: Path) -> None:
    before = (people / 'annotations/train.json').read_bytes()
    with pytest.raises(UserError, match='is the set itself'):
        write_turned_set(people, 'train', people / 'meshes.npz', people / 'train/..')
    assert (people / 'annotations/train.json').read_bytes() == before


def test_a_run_that_ends_early_leaves_no_labels_of_another(people: Path, tmp_path: Path) -> None:
    out = tmp_path / 'out'
    write_turned_set(people, 'train', people / 'meshes.npz', out)
    (people / 'train/3.png').unlink()
    with pytest.raises(UserError, match='cannot be read'):
        write_turned_set(people, 'train', people / 'meshes.npz', out, TurnOptions(seed=1))
    assert not (out / 'annotations/train.json').exists()


def test_faces_are_not_turned_back(tmp_path: Path) -> None:
    write_set(tmp_path, 1)
    pivot = np.array([192, 192, 40])
    turned = (egg_mesh() - pivot) @ axes_of(np.array([-25, 0, 0])).T + pivot
    np.savez(tmp_path / 'meshes.npz', ids=np.array([1]), vertices=turned[None])
    file = tmp_path / 'annotations/train.json'
    content = json.loads(file.read_text())
    keypoints = np.column_stack([egg_points(turned), np.ones(68)]).ravel().tolist()
    content['annotations'][0]['keypoints'] = keypoints
    file.write_text(json.dumps(content))
    narrow, wide = (TurnOptions(yaw=(0, most), turns=1) for most in (30, 40))
    meshes, out = tmp_path / 'meshes.npz', tmp_path / 'out'
    assert write_turned_set(tmp_path, 'train', meshes, out, wide) == 1
    with pytest.raises(UserError, match='are turned already'):
        write_turned_set(tmp_path, 'train', meshes, out, narrow)
