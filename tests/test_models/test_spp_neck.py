"""SPPNeck: shapes for every stride, pooling equal to torch's, clear refusals."""

from __future__ import annotations

import pytest

torch = pytest.importorskip('torch')
pytest.importorskip('mmpose')
from torch.nn import functional as F  # noqa: E402, N812

from fanet_mmpose.errors import UserError  # noqa: E402
from fanet_mmpose.models.spp_neck import SPPNeck, pooling_matrix, upsample_matrix  # noqa: E402


@pytest.fixture(autouse=True)
def seed() -> None:
    """A gate of four hidden units may start dead with unlucky weights."""
    torch.manual_seed(0)


def backbone_maps(size: int = 128, batch: int = 2) -> list[torch.Tensor]:
    g = torch.Generator().manual_seed(0)
    return [
        torch.randn(batch, c, size // s, size // s, generator=g)
        for c, s in ((16, 8), (24, 16), (32, 32))
    ]


@pytest.mark.parametrize(('size', 'bins'), [(4, 1), (4, 6), (5, 2), (7, 3), (8, 6), (12, 5)])
def test_pooling_matrix_is_adaptive_average_pooling(size: int, bins: int) -> None:
    x = torch.randn(2, 3, size, size + 1)
    pooled = x.flatten(2) @ pooling_matrix(size, size + 1, bins)
    assert torch.allclose(pooled, F.adaptive_avg_pool2d(x, bins).flatten(2), atol=1e-6)


@pytest.mark.parametrize(('size', 'bins'), [(4, 1), (4, 6), (5, 2), (7, 3), (8, 6)])
def test_upsample_matrix_is_bilinear_interpolation(size: int, bins: int) -> None:
    x = torch.randn(2, 3, bins, bins)
    spread = x.flatten(2) @ upsample_matrix(size, size + 1, bins)
    expected = F.interpolate(x, (size, size + 1), mode='bilinear', align_corners=False)
    assert torch.allclose(spread, expected.flatten(2), atol=1e-6)


@pytest.mark.parametrize('stride', [4, 8, 16])
def test_landmark_map_has_the_configured_stride(stride: int) -> None:
    neck = SPPNeck((16, 24, 32), 20, out_stride=stride)
    assert neck(backbone_maps())[0].shape == (2, 20, 128 // stride, 128 // stride)


def test_c2_is_used_when_given() -> None:
    neck = SPPNeck((8, 16, 24, 32), 20, in_stride=4, out_stride=4)
    c2 = torch.randn(2, 8, 32, 32, requires_grad=True)
    neck((c2, *backbone_maps()))[0].sum().backward()
    assert c2.grad.abs().sum() > 0


@pytest.mark.parametrize('bins', [(), (1,), (1, 2, 3, 6)])
def test_gradient_reaches_every_parameter(bins: tuple[int, ...]) -> None:
    neck = SPPNeck((16, 24, 32), 20, bins=bins)
    neck(backbone_maps())[0].square().mean().backward()
    assert [n for n, p in neck.named_parameters() if p.grad is None or not p.grad.any()] == []


def test_the_gate_can_close_a_scale() -> None:
    neck = SPPNeck((16, 24, 32), 20, bins=(1, 2)).eval()
    maps = backbone_maps()
    before = neck(maps)[0]
    for scale in neck.pyramid.branches:
        torch.nn.init.constant_(scale.gate[2].weight, 0)
        torch.nn.init.constant_(scale.gate[2].bias, -50)
        assert scale(maps[-1]).abs().max() < 1e-6
    assert not torch.allclose(before, neck(maps)[0])


def test_batched_equals_single() -> None:
    neck = SPPNeck((16, 24, 32), 20).eval()
    maps = backbone_maps()
    single = torch.cat([neck([m[i : i + 1] for m in maps])[0] for i in range(2)])
    assert torch.allclose(neck(maps)[0], single, atol=1e-5)


def test_odd_sizes_work() -> None:
    maps = [torch.randn(1, 16, 15, 13), torch.randn(1, 24, 8, 7), torch.randn(1, 32, 4, 4)]
    assert SPPNeck((16, 24, 32), 20, out_stride=8).eval()(maps)[0].shape == (1, 20, 15, 13)


def test_a_map_the_backbone_does_not_give_is_named() -> None:
    with pytest.raises(UserError, match=r'maps of \(16, 24, 32\) channels.*\(16, 24, 48\)'):
        SPPNeck((16, 24, 48), 20)(backbone_maps())
    with pytest.raises(UserError, match='out_stride=6'):
        SPPNeck((16, 24, 32), 20, out_stride=6)


def test_without_gates_nothing_is_weighed() -> None:
    neck = SPPNeck((8, 16, 24), 20, reduction=0)
    assert not [name for name, _ in neck.named_parameters() if 'gate' in name]
    maps = neck([torch.randn(2, c, s, s) for c, s in ((8, 16), (16, 8), (24, 4))])
    assert maps[0].shape == (2, 20, 32, 32)
