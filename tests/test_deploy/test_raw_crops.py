"""8-bit graphs begin with the pixels themselves."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from torch import Tensor, nn

from fanet_mmpose.deploy.export import OPSET, tracing_arguments
from fanet_mmpose.deploy.precision import quantize
from fanet_mmpose.deploy.raw_crops import MIDDLE, shift_into_convolution
from fanet_mmpose.deploy.runtime import INPUT

MEAN = torch.tensor([123.675, 116.28, 103.53]).view(1, 3, 1, 1)
STD = torch.tensor([58.4, 30.0, 90.0]).view(1, 3, 1, 1)


class Begin(nn.Module):
    """A normalisation and a convolution; `flip` as of pictures in another order of channels."""

    def __init__(self, flip: bool = False) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.flip, self.conv = flip, nn.Conv2d(3, 4, 3, padding=1)
        self.register_buffer('mean', MEAN)
        self.register_buffer('std', STD)

    def forward(self, image: Tensor) -> Tensor:
        x = (image.float() - self.mean) / self.std
        return self.conv(x.flip(1) if self.flip else x)


def written(module: nn.Module, path: Path) -> Path:
    torch.onnx.export(
        module.eval(),
        (torch.zeros(2, 3, 8, 8, dtype=torch.uint8),),
        str(path),
        input_names=[INPUT],
        opset_version=OPSET,
        dynamic_axes={INPUT: {0: 'batch'}},
        **tracing_arguments(),
    )
    return path


def run(path: Path, image: np.ndarray) -> np.ndarray:
    return onnxruntime.InferenceSession(str(path)).run(None, {INPUT: image})[0]


@pytest.fixture
def crops() -> np.ndarray:
    return np.random.default_rng(1).integers(0, 256, (20, 8, 8, 3), np.uint8)


def test_a_convolution_that_divides_gives_the_same_inside_the_crop(
    tmp_path: Path, crops: np.ndarray
) -> None:
    path, image = written(Begin(), tmp_path / 'm.onnx'), crops.transpose(0, 3, 1, 2)
    expected = run(path, image)
    model = onnx.load(path)
    assert shift_into_convolution(model.graph)
    onnx.save(model, path)
    found = run(path, image)
    assert found[..., 1:-1, 1:-1] == pytest.approx(expected[..., 1:-1, 1:-1], abs=1e-4)
    # Round the crop there is one grey for all channels, near the mean of each.
    assert np.abs(found - expected).mean() < 0.05 * expected.std()


def test_8_bits_take_the_pixels_as_they_are(tmp_path: Path, crops: np.ndarray) -> None:
    path, image = written(Begin(), tmp_path / 'm.onnx'), crops.transpose(0, 3, 1, 2)
    expected = run(path, image)
    quantize(path, crops)
    nodes = onnx.load(path).graph.node
    assert 'Cast' not in {node.op_type for node in nodes}
    first = next(node for node in nodes if INPUT in node.input)
    assert first.op_type in ('DequantizeLinear', 'Transpose')  # or columns packed, as they are
    assert np.abs(run(path, image) - expected).mean() < 0.05 * expected.std()


def test_another_begin_is_quantised_as_it_is(tmp_path: Path, crops: np.ndarray) -> None:
    path, image = written(Begin(flip=True), tmp_path / 'm.onnx'), crops.transpose(0, 3, 1, 2)
    model = onnx.load(path)
    before = model.SerializeToString()
    assert shift_into_convolution(model.graph) is None
    assert model.SerializeToString() == before
    expected = run(path, image)
    quantize(path, crops)
    assert np.abs(run(path, image) - expected).mean() < 0.05 * expected.std()


def test_the_grey_is_in_the_middle_of_the_means() -> None:
    assert pytest.approx(float(MEAN.mean()), abs=1) == MIDDLE
