"""Constants in place of shape arithmetic change nothing but the number of nodes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from torch import Tensor, nn

from fanet_mmpose.deploy.export import OPSET, tracing_arguments
from fanet_mmpose.deploy.fixed_shapes import fix_shapes
from fanet_mmpose.deploy.runtime import INPUT


class Function(nn.Module):
    """A function as a module."""

    def __init__(self, function: Callable[[Tensor], Tensor]) -> None:
        super().__init__()
        self.function = function

    def forward(self, image: Tensor) -> Tensor:
        return self.function(image.float())


def flattened(x: Tensor) -> Tensor:
    return x.flatten(2)


def mixed_batch(x: Tensor) -> Tensor:
    return x.view(x.shape[0] * 3, x.shape[2] // 2, -1).transpose(0, 1)


def placed(x: Tensor) -> Tensor:
    return x + torch.arange(x.shape[-1]) / x.shape[-2]


def weighed_by_batch(x: Tensor) -> Tensor:
    return x.sum((1, 2, 3), keepdim=True) / x.shape[0] + x.new_zeros(x.shape)


def grown_as_another(x: Tensor) -> Tensor:
    """A size that is read off another map, as on the way down a pyramid."""
    finer = torch.nn.functional.avg_pool2d(x, 1)
    coarser = torch.nn.functional.max_pool2d(x, 2)
    size = finer.shape[-2:]
    return torch.nn.functional.interpolate(coarser, size, mode='bilinear', align_corners=False)


def nonzero_columns(x: Tensor) -> Tensor:
    """What a picture holds, and not its size, decides; zeros, as sizes are found with, are none."""
    return x.flatten(1).argmax(1) + x.shape[-1]


@pytest.mark.parametrize(
    'function',
    [flattened, mixed_batch, placed, weighed_by_batch, grown_as_another, nonzero_columns],
)
def test_values_stay_for_every_batch(function: Callable, tmp_path: Path) -> None:
    path, module = tmp_path / 'm.onnx', Function(function)
    torch.onnx.export(
        module,
        (torch.zeros(2, 3, 6, 8, dtype=torch.uint8),),
        str(path),
        input_names=[INPUT],
        opset_version=OPSET,
        dynamic_axes={INPUT: {0: 'batch'}},
        **tracing_arguments(),
    )
    fix_shapes(path, (8, 6))
    onnx.checker.check_model(str(path), full_check=True)
    session = onnxruntime.InferenceSession(str(path))
    for batch in (1, 2, 5):
        image = np.random.default_rng(batch).integers(0, 256, (batch, 3, 6, 8), np.uint8)
        expected = module(torch.from_numpy(image)).numpy()
        assert session.run(None, {INPUT: image})[0] == pytest.approx(expected, rel=1e-6)


def test_an_export_holds_little_shape_arithmetic(exported: Path) -> None:
    nodes = Counter(node.op_type for node in onnx.load(exported).graph.node)
    assert nodes['Shape'] == 0
