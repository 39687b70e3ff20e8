"""Half precision computes the same, on a CPU here and captured as a graph where there is a GPU."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import nn

from fanet_mmpose.deploy.half_network import CapturedGraph, in_half
from fanet_mmpose.deploy.timed_model import build_timed
from fanet_mmpose.deploy.timed_runtime import build_run

on_gpu = pytest.mark.skipif(not torch.cuda.is_available(), reason='wants a GPU')


class Small(nn.Module):
    """Normalisation, a convolution, a norm and a product."""

    def __init__(self) -> None:
        super().__init__()
        self.conv, self.norm, self.fc = nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8), nn.Linear(8, 5)

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        return self.fc(self.norm(self.conv(image.float() / 255)).relu().mean((2, 3)))


def crops(count: int, side: int, seed: int = 0) -> torch.Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.randint(0, 256, (count, 3, side, side), dtype=torch.uint8, generator=generator)


def test_half_precision_computes_the_same_and_leaves_the_network() -> None:
    torch.manual_seed(0)
    network = Small().eval()
    half = in_half(network, 'cpu')
    images = crops(4, 16)
    with torch.no_grad():
        torch.testing.assert_close(half(images).float(), network(images), rtol=0.02, atol=0.01)
    assert {parameter.dtype for parameter in network.parameters()} == {torch.float32}
    assert half(images).dtype == torch.bfloat16


@on_gpu
def test_a_captured_graph_computes_what_each_new_batch_holds(config: Path) -> None:
    network = build_timed(config)
    infer = in_half(network, 'cuda')
    first, second = (crops(2, network.codec.input_size[0], seed).cuda() for seed in (0, 1))
    graph = CapturedGraph(infer, first)
    for images in (first, second, first):
        for found, expected in zip(graph(images), infer(images), strict=True):
            torch.testing.assert_close(found, expected, rtol=1e-2, atol=1e-2)


@on_gpu
def test_both_ways_on_a_gpu_are_timed(config: Path, tmp_path: Path) -> None:
    network = build_timed(config)
    images = crops(3, network.codec.input_size[0]).numpy()
    for runtime in ('cuda', 'cuda-graph'):
        run = build_run(network, runtime, 1, tmp_path)
        assert run(images)[0].shape == run(images)[0].shape == (3, network.head.num_keypoints, 2)
