"""Exported files are loaded with their metadata, and refused in a sentence."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import onnx
import pytest
from helpers.blob_model import INFO, SIZE, blob_offsets, picture_with_spots, write_blob_model

from fanet_mmpose.deploy.model_info import info_from_metadata
from fanet_mmpose.deploy.runtime import OnnxModel, channels_first
from fanet_mmpose.errors import UserError
from fanet_mmpose.geometry.schemas import PointSchema


@pytest.fixture(scope='module')
def model(tmp_path_factory: pytest.TempPathFactory) -> OnnxModel:
    return OnnxModel(write_blob_model(tmp_path_factory.mktemp('model') / 'blob.onnx'), threads=1)


def crops_at(*centers: tuple[int, int]) -> np.ndarray:
    return np.stack([picture_with_spots([c], radius=4, shape=(SIZE, SIZE)) for c in centers])


def test_metadata_survive_the_file(model: OnnxModel) -> None:
    assert model.info == INFO


def test_a_custom_point_set_travels_in_the_file() -> None:
    schema = PointSchema('mine3', ('a', 'b', 'c'), flip_pairs=((0, 1),))
    metadata = {**INFO.to_metadata()}
    from dataclasses import replace

    metadata = replace(INFO, schema=schema).to_metadata()
    assert info_from_metadata(metadata, 'm.onnx').schema == schema


def test_every_crop_of_a_batch_is_found_as_alone(model: OnnxModel) -> None:
    crops = crops_at((20, 30), (40, 25), (32, 50))
    together = model(crops)
    assert together.keypoints.shape == (3, 68, 2)
    for index, (x, y) in enumerate([(20, 30), (40, 25), (32, 50)]):
        assert together.keypoints[index] == pytest.approx(blob_offsets(68) + (x, y), abs=1e-2)
        alone = model(crops[index : index + 1])
        assert together.keypoints[index] == pytest.approx(alone.keypoints[0], abs=1e-4)


def test_no_crops_give_no_landmarks(model: OnnxModel) -> None:
    found = model(np.zeros((0, SIZE, SIZE, 3), np.uint8))
    assert found.keypoints.shape == (0, 68, 2)
    assert found.scores.shape == found.scales.shape == (0, 68)


@pytest.mark.parametrize(
    'crops',
    [np.zeros((1, SIZE, SIZE + 1, 3), np.uint8), np.zeros((1, SIZE, SIZE, 3), np.float32)],
)
def test_crops_of_another_size_or_type(model: OnnxModel, crops: np.ndarray) -> None:
    with pytest.raises(UserError, match=r'the model takes uint8 \[B, 64, 64, 3\]'):
        model(crops)


def test_a_cut_file(tmp_path: Path) -> None:
    path = write_blob_model(tmp_path / 'm.onnx')
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(UserError, match='m.onnx: is cut or no ONNX file'):
        OnnxModel(path)


def test_a_missing_file_and_an_unknown_device(tmp_path: Path) -> None:
    with pytest.raises(UserError, match='there is no such ONNX file'):
        OnnxModel(tmp_path / 'moved.onnx')
    with pytest.raises(UserError, match="device 'tpu' is unknown"):
        OnnxModel(write_blob_model(tmp_path / 'm.onnx'), device='tpu')


def test_the_file_of_another_program(tmp_path: Path) -> None:
    path = write_blob_model(tmp_path / 'm.onnx')
    graph = onnx.load(path)
    del graph.metadata_props[:]
    onnx.save(graph, path)
    with pytest.raises(UserError, match='metadata is incomplete.*schema'):
        OnnxModel(path)


def test_the_deployed_half_imports_neither_torch_nor_openmmlab() -> None:
    program = (
        'import sys; import fanet_mmpose.apis, fanet_mmpose.cli, fanet_mmpose.inference.folder, '
        'fanet_mmpose.inference.video, fanet_mmpose.inference.detectors.cascade; '
        "print({'torch', 'mmpose', 'mmcv', 'mmengine', 'mmdet'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, '-c', program], capture_output=True, text=True)
    assert done.stdout.strip() == 'set()', done.stderr


def test_a_run_leaves_nothing_behind(tmp_path: Path) -> None:
    """No device number, database or session file: ONNX Runtime would write them to report."""
    home, model = tmp_path / 'home', write_blob_model(tmp_path / 'blob.onnx')
    home.mkdir()
    code = (
        'import sys, numpy; from fanet_mmpose.deploy.runtime import OnnxModel; '
        f'OnnxModel(sys.argv[1])(numpy.zeros((1, {SIZE}, {SIZE}, 3), numpy.uint8))'
    )
    environment = {**os.environ, 'HOME': str(home), 'TMPDIR': str(home), 'XDG_CACHE_HOME': ''}
    environment.pop('ORT_DISABLE_TELEMETRY', None)
    subprocess.run([sys.executable, '-c', code, model], env=environment, check=True)
    assert not list(home.iterdir())


def test_a_file_of_a_newer_onnx_is_named(tmp_path: Path) -> None:
    path = write_blob_model(tmp_path / 'm.onnx')
    newer = onnx.load(path)
    newer.ir_version = 99
    path.write_bytes(newer.SerializeToString())
    with pytest.raises(UserError, match='m.onnx: was written by a newer onnx than onnxruntime'):
        OnnxModel(path)


@pytest.mark.parametrize(
    ('field', 'text', 'said'),
    [
        ('input_size', '[1000000, 1000000]', 'a side is a whole number up to'),
        ('input_size', '[0, 64]', 'input_size has 0'),
        ('input_size', '[Infinity, 64]', 'input_size has inf'),
        ('input_size', '[32, 64]', 'its network is not of the input_size that it says'),
        pytest.param('input_size', '[' * 99999, 'recursion', id='nested'),
        ('schema', 'wflw98', 'its network is not of the points that it says'),
        ('padding', 'nan', 'padding is nan'),
        ('padding', '-1', 'padding is -1.0'),
    ],
)
def test_metadata_that_lie(field: str, text: str, said: str, tmp_path: Path) -> None:
    path = write_blob_model(tmp_path / 'lie.onnx')
    network = onnx.load(path)
    for entry in network.metadata_props:
        if entry.key == f'fanet.{field}':
            entry.value = text
    onnx.save(network, path)
    with pytest.raises(UserError, match=said):
        OnnxModel(path)


def test_a_network_of_other_outputs(tmp_path: Path) -> None:
    path = write_blob_model(tmp_path / 'other.onnx')
    network = onnx.load(path)
    del network.graph.output[3]
    onnx.save(network, path)
    with pytest.raises(UserError, match='its network has no scales'):
        OnnxModel(path)


def test_channels_come_first_as_numpy_has_it() -> None:
    crops = np.random.default_rng(0).integers(0, 256, (3, 9, 7, 3), np.uint8)
    for some in (crops, crops[:1], crops[..., ::-1], crops[:, ::2]):
        assert np.array_equal(channels_first(some), some.transpose(0, 3, 1, 2))
