"""Fewer operators find the same points."""

from __future__ import annotations

from pathlib import Path

import onnx
import pytest
import torch
from torch import nn

from fanet_mmpose.deploy.export import write_graph
from fanet_mmpose.deploy.lean_parts import (
    LeanAttention,
    LeanPyramid,
    LeanRelation,
    _merge_averages,
    lean,
)
from fanet_mmpose.deploy.network import CropToLandmarks, load_network
from fanet_mmpose.models.landmark_attention import LandmarkAttention, NoAttention
from fanet_mmpose.models.spp_neck import SpatialPyramidPooling


@pytest.fixture
def network(config: Path, checkpoint: Path) -> CropToLandmarks:
    return CropToLandmarks(load_network(config, checkpoint)[1])


def randomised(module: nn.Module) -> nn.Module:
    """Every weight and statistic in play: initialised layers hide terms that are 0 or 1."""
    torch.manual_seed(0)
    for tensor in (*module.parameters(), *module.buffers()):
        if tensor.is_floating_point():
            tensor.data = torch.rand_like(tensor) + 0.1 if tensor.dim() == 1 else tensor.data
    return module.eval()


@pytest.mark.parametrize(('bins', 'size'), [((1, 2, 3, 6), (4, 4)), ((2,), (6, 3))])
def test_a_pyramid_with_its_branches_in_one_gives_the_same_map(
    bins: tuple[int, ...], size: tuple[int, int]
) -> None:
    norm, relu = dict(type='BN'), dict(type='ReLU')
    pyramid = randomised(SpatialPyramidPooling(12, 16, bins, 4, norm, relu))
    x = torch.randn(3, 12, *size, generator=torch.Generator().manual_seed(1))
    with torch.no_grad():
        assert torch.allclose(LeanPyramid(pyramid)(x), pyramid(x), atol=1e-5)


@pytest.mark.parametrize('relations', [0, 2])
def test_an_attention_in_one_product_describes_the_same(relations: int) -> None:
    attention = randomised(
        LandmarkAttention(8, 5, 9, embed_dims=12, num_heads=2, num_relations=relations)
    )
    draw = torch.Generator().manual_seed(2)
    feature_map = torch.randn(2, 8, 6, 7, generator=draw)
    centers = torch.rand(2, 5, 2, generator=draw) * 2 - 1
    evidence = torch.randn(2, 5, 9, generator=draw)
    with torch.no_grad():
        found = LeanAttention(attention)(feature_map, centers, evidence)
        expected = attention(feature_map, centers, evidence)
    assert torch.allclose(found, expected, atol=1e-5)


def test_a_relation_layer_informs_the_same() -> None:
    layer = randomised(
        nn.TransformerEncoderLayer(12, 3, 24, 0.0, batch_first=True, norm_first=True)
    )
    x = torch.randn(2, 7, 12, generator=torch.Generator().manual_seed(3))
    with torch.no_grad():
        assert torch.allclose(LeanRelation(layer)(x), layer(x), atol=1e-5)


def test_a_network_finds_the_same_points_and_is_left_as_it_was(network: CropToLandmarks) -> None:
    draw = torch.Generator().manual_seed(4)
    width, height = network.codec.input_size
    crops = torch.randint(0, 256, (3, 3, height, width), generator=draw, dtype=torch.uint8)
    before = {name: value.clone() for name, value in network.state_dict().items()}
    with torch.no_grad():
        for ours, theirs in zip(lean(network)(crops), network(crops), strict=True):
            assert torch.allclose(ours, theirs, atol=2e-3)
    after = network.state_dict()
    assert after.keys() == before.keys()
    assert all(torch.equal(after[name], before[name]) for name in before)


def test_an_average_before_a_convolution_becomes_part_of_it() -> None:
    torch.manual_seed(0)
    shortcut = nn.Sequential(
        nn.AvgPool2d(2, 2, ceil_mode=True, count_include_pad=False),
        nn.Conv2d(3, 5, 1, bias=False),
        nn.BatchNorm2d(5),
    )
    block = nn.ModuleList(
        [randomised(shortcut), nn.Sequential(nn.AvgPool2d(3), nn.Conv2d(3, 5, 1))]
    )
    x = torch.randn(2, 3, 8, 6, generator=torch.Generator().manual_seed(5))
    with torch.no_grad():
        expected = shortcut(x)
        _merge_averages(block)
        assert isinstance(shortcut[0], nn.Identity)
        assert torch.allclose(shortcut(x), expected, atol=1e-5)
    assert isinstance(block[1][0], nn.AvgPool2d)  # another pooling is left


def test_other_parts_stay(network: CropToLandmarks) -> None:
    network.head.attention = NoAttention(network.head.score.in_channels, 68, 25)
    network.neck.pyramid.branches[0].gate = nn.Identity()
    copied = lean(network)
    assert isinstance(copied.head.attention, NoAttention)
    assert isinstance(copied.neck.pyramid, SpatialPyramidPooling)


def test_an_export_has_far_fewer_operators(network: CropToLandmarks, tmp_path: Path) -> None:
    counts = []
    for name, one in (('plain', network), ('lean', lean(network))):
        write_graph(one, tmp_path / f'{name}.onnx')
        counts.append(len(onnx.load(tmp_path / f'{name}.onnx').graph.node))
    assert counts[1] < 0.7 * counts[0], counts
