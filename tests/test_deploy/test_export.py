"""The exported file finds what PyTorch and MMPose find; what cannot be exported leaves nothing."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import onnx
import pytest
from helpers.tiny_fanet import write_config

from fanet_mmpose.deploy import export as module
from fanet_mmpose.deploy.export import export_onnx
from fanet_mmpose.deploy.network import CropToLandmarks, load_network
from fanet_mmpose.deploy.parity import distances, sample_crops
from fanet_mmpose.deploy.runtime import OnnxModel
from fanet_mmpose.deploy.torch_backend import TorchModel
from fanet_mmpose.errors import UserError
from fanet_mmpose.inference.landmarker import FaceLandmarker


def test_the_file_says_what_it_is(exported: Path) -> None:
    info = OnnxModel(exported).info
    assert (info.name, info.config) == ('tiny_300w', 'tiny_300w.py')
    assert (info.schema.name, info.input_size, info.padding) == ('300w68', (64, 64), 1.25)
    assert info.precision == 'fp32'
    assert 'non-commercial' in info.licence
    graph = onnx.load(exported)
    assert graph.opset_import[0].version >= 16
    assert graph.graph.input[0].type.tensor_type.elem_type == onnx.TensorProto.UINT8


def test_the_licence_is_the_configs(config: Path, checkpoint: Path) -> None:
    loaded, model = load_network(config, checkpoint)
    loaded.licence = 'CC0-1.0'
    assert module.describe(loaded, config, CropToLandmarks(model)).licence == 'CC0-1.0'


def test_points_are_those_of_pytorch(config: Path, checkpoint: Path, exported: Path) -> None:
    network = CropToLandmarks(load_network(config, checkpoint)[1])
    found = distances(network, exported, sample_crops((64, 64), seed=5))
    assert found.max() <= 0.05
    other = sample_crops((64, 64), seed=6)
    torch_model, onnx_model = TorchModel(config, checkpoint), OnnxModel(exported)
    for name in ('keypoints', 'scores', 'visibility', 'scales'):
        ours, theirs = (getattr(model(other), name) for model in (onnx_model, torch_model))
        assert ours == pytest.approx(theirs, rel=1e-3, abs=5e-3), name


def test_points_and_scores_are_those_of_mmpose(
    config: Path, checkpoint: Path, exported: Path
) -> None:
    from mmpose.apis import inference_topdown, init_model
    from skimage import data

    from fanet_mmpose.engine.configs import load_config

    image = cv2.cvtColor(data.astronaut(), cv2.COLOR_RGB2BGR)
    box = np.array([[175.0, 60, 270, 175]])
    model = init_model(load_config(config), str(checkpoint), device='cpu')
    theirs = inference_topdown(model, image, box, bbox_format='xyxy')[0].pred_instances
    face = FaceLandmarker(exported).find([image], [box], passes=1)[0][0]
    assert np.abs(face.points - theirs.keypoints[0]).max() <= 0.05
    assert face.scores == pytest.approx(theirs.keypoint_scores[0], abs=1e-3)
    scale = np.ptp(box[0, 1::2]) * 1.25 / 64  # `keypoint_scales` are px of the crop
    assert face.scales == pytest.approx(theirs.keypoint_scales[0] * scale, rel=1e-2)


def test_half_precision_is_smaller_and_stays_near(
    config: Path, checkpoint: Path, exported: Path, tmp_path: Path
) -> None:
    path = tmp_path / 'm.onnx'
    assert export_onnx(config, checkpoint, path, 'fp16').precision == 'fp16'
    network = CropToLandmarks(load_network(config, checkpoint)[1])
    assert np.median(distances(network, path, sample_crops((64, 64)))) < 0.5
    assert path.stat().st_size < 0.8 * exported.stat().st_size


def test_int8_is_calibrated_on_faces_and_stays_near(
    config: Path, checkpoint: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from fanet_mmpose.deploy import precision

    crops = sample_crops((64, 64), seed=9)
    monkeypatch.setattr(precision, 'validation_crops', lambda config: crops)
    path = tmp_path / 'm.onnx'
    export_onnx(config, checkpoint, path, 'int8')
    nodes = onnx.load(path).graph.node
    assert 'QuantizeLinear' in {node.op_type for node in nodes}
    weights = {node.name: node.input[1] for node in nodes if node.op_type == 'Conv'}
    quantised = {name for name, weight in weights.items() if 'DequantizeLinear' in weight}
    assert set(weights) - quantised == set(precision.EXACT)
    network = CropToLandmarks(load_network(config, checkpoint)[1])
    assert np.median(distances(network, path, crops)) < 2


def refused(tmp_path: Path, match: str, *arguments: object) -> None:
    out = tmp_path / 'out' / 'm.onnx'
    with pytest.raises(UserError, match=match):
        export_onnx(*arguments[:2], out, *arguments[2:])
    assert not out.parent.exists() or not list(out.parent.iterdir())


def test_what_cannot_be_exported_leaves_nothing(
    config: Path, checkpoint: Path, repo: Path, tmp_path: Path
) -> None:
    odd = write_config(tmp_path / 'odd.py', size=(66, 64))
    refused(tmp_path, 'odd.py: input_size 66×64.*choose multiples', odd, checkpoint)
    wider = write_config(
        tmp_path / 'wider.py', more="model['head']['attention']['embed_dims'] = 32\n"
    )
    refused(tmp_path, 'tiny.pth: field head.*shape', wider, checkpoint)
    heatmap = repo / 'projects/arena/configs/arena' / 'resnet18_heatmap_300w.py'
    refused(tmp_path, 'HeatmapHead.*LocalCoordinateHead', heatmap, checkpoint)
    refused(tmp_path, 'there is no such config', tmp_path / 'none.py', checkpoint)
    refused(tmp_path, 'there is no such checkpoint', config, tmp_path / 'none.pth')
    refused(tmp_path, "precision 'int4' is unknown", config, checkpoint, 'int4')
    with pytest.raises(UserError, match='must end in .onnx'):
        export_onnx(config, checkpoint, tmp_path / 'model.pb')


def test_an_export_that_finds_other_points_is_not_kept(
    config: Path, checkpoint: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = module.write_graph

    def write_another(network: CropToLandmarks, path: Path) -> None:
        network.head.refine.bias.data += 1
        write(network, path)
        network.head.refine.bias.data -= 1

    monkeypatch.setattr(module, 'write_graph', write_another)
    refused(tmp_path, 'px away from PyTorch', config, checkpoint)
