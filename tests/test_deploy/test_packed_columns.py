"""Packed convolutions give the same integers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from onnx import ModelProto
from onnxruntime.quantization import QuantType, quantize_static
from torch import Tensor, nn
from torch.nn import functional as F

from fanet_mmpose.deploy.export import OPSET, tracing_arguments
from fanet_mmpose.deploy.packed_columns import pack_columns, packed_weight
from fanet_mmpose.deploy.precision import FaceCrops
from fanet_mmpose.deploy.raw_crops import quantised_as_pixels, shift_into_convolution, take_pixels
from fanet_mmpose.deploy.runtime import INPUT

HEIGHT, WIDTH = 10, 16


class Stem(nn.Module):
    """Pixels through convolutions of these output channels and strides, then a pooling."""

    def __init__(self, *steps: tuple[int, int], kernel: int = 3) -> None:
        super().__init__()
        torch.manual_seed(0)
        channels = [3, *(out for out, _ in steps)]
        self.register_buffer('mean', torch.tensor([123.7, 116.3, 103.5]).view(1, 3, 1, 1))
        self.register_buffer('std', torch.tensor([58.4, 57.1, 57.4]).view(1, 3, 1, 1))
        self.convs = nn.ModuleList(
            nn.Conv2d(before, after, kernel, stride, kernel // 2)
            for before, (after, stride) in zip(channels, steps, strict=False)
        )

    def forward(self, image: Tensor) -> Tensor:
        x = (image.float() - self.mean) / self.std
        for conv in self.convs:
            x = F.relu(conv(x))
        return F.max_pool2d(x, 3, 2, 1)


def quantised(module: nn.Module, path: Path) -> ModelProto:
    """A network of 8 bits that takes the pixels as they are, not packed yet."""
    torch.onnx.export(
        module.eval(),
        (torch.zeros(2, 3, HEIGHT, WIDTH, dtype=torch.uint8),),
        str(path),
        input_names=[INPUT],
        opset_version=OPSET,
        dynamic_axes={INPUT: {0: 'batch'}},
        **tracing_arguments(),
    )
    model = onnx.load(path)
    shifted = shift_into_convolution(model.graph)
    onnx.save(model, path)
    quantize_static(
        str(path),
        str(path),
        FaceCrops(pixels(8).transpose(0, 2, 3, 1)),
        op_types_to_quantize=['Conv', 'Relu'],
        per_channel=True,
        activation_type=QuantType.QUInt8,
        weight_type=QuantType.QInt8,
        extra_options={'TensorQuantOverrides': quantised_as_pixels(shifted)},
    )
    model = onnx.load(path)
    take_pixels(model.graph, shifted)
    return model


def pixels(count: int) -> np.ndarray:
    return np.random.default_rng(1).integers(0, 256, (count, 3, HEIGHT, WIDTH), np.uint8)


def run(model: ModelProto, image: np.ndarray) -> np.ndarray:
    return onnxruntime.InferenceSession(model.SerializeToString()).run(None, {INPUT: image})[0]


def widths(model: ModelProto) -> list[int]:
    """Kernel columns of the convolutions."""
    kernels = (
        attribute.ints[1]
        for node in model.graph.node
        for attribute in node.attribute
        if node.op_type == 'Conv' and attribute.name == 'kernel_shape'
    )
    return list(kernels)


@pytest.mark.parametrize('stride', [1, 2])
def test_packed_weights_are_the_same_convolution(stride: int) -> None:
    x, weight = torch.randn(2, 5, 6, 12), torch.randn(4, 5, 3, 3)
    expected = F.conv2d(x, weight, stride=stride, padding=1)
    packed = torch.from_numpy(packed_weight(weight.numpy(), stride))
    blocks = columns_to_channels(x, 2 * stride)
    right = packed.shape[3] - 2
    found = F.conv2d(F.pad(blocks, (1, right, 1, 1)), packed, stride=(stride, 1))
    assert torch.allclose(found, columns_to_channels(expected, 2), atol=1e-5)


def columns_to_channels(x: Tensor, block: int) -> Tensor:
    """[N, C, H, W] -> [N, block * C, H, W / block]."""
    count, channels, height, width = x.shape
    rows = x.permute(0, 2, 3, 1).reshape(count, height, width // block, channels * block)
    return rows.permute(0, 3, 1, 2)


@pytest.mark.parametrize(
    ('steps', 'packed'),
    [
        ([(6, 2), (6, 1), (12, 1)], 3),  # as of a ResNet-D
        ([(5, 1), (7, 2)], 2),  # a block of four columns after one of two
        ([(6, 2), (40, 1), (6, 1)], 1),  # a wide one ends the row
        ([(4, 2), (4, 2), (4, 2), (4, 2)], 3),  # two columns are left, too few for a block of four
        ([(40, 1)], 0),
    ],
)
def test_the_same_integers(tmp_path: Path, steps: list[tuple[int, int]], packed: int) -> None:
    model = quantised(Stem(*steps), tmp_path / 'm.onnx')
    expected = [run(model, pixels(count)) for count in (1, 3)]
    assert pack_columns(model.graph) == packed
    onnx.checker.check_model(model)
    assert len(widths(model)) == len(steps)
    for count, own in zip((1, 3), expected, strict=True):
        assert np.array_equal(run(model, pixels(count)), own)
    assert expected[0].std() > 0


def test_other_kernels_stay(tmp_path: Path) -> None:
    model = quantised(Stem((6, 1), kernel=5), tmp_path / 'm.onnx')
    before = model.SerializeToString()
    assert pack_columns(model.graph) == 0
    assert model.SerializeToString() == before


def test_sizes_that_are_not_fixed_and_shared_weights_stay(tmp_path: Path) -> None:
    model = quantised(Stem((6, 2)), tmp_path / 'm.onnx')
    for name in ('dynamic', 'shared'):
        changed = onnx.ModelProto()
        changed.CopyFrom(model)
        if name == 'dynamic':
            changed.graph.input[0].type.tensor_type.shape.dim[3].dim_param = 'width'
        else:
            conv = next(node for node in changed.graph.node if node.op_type == 'Conv')
            maker = next(node for node in changed.graph.node if conv.input[1] in node.output)
            again = changed.graph.node.add()
            again.CopyFrom(maker)
            again.output[0] = 'again'
        before = changed.SerializeToString()
        assert pack_columns(changed.graph) == 0
        assert changed.SerializeToString() == before
