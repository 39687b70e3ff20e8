"""HandcraftedBackbone gives the neck maps whose strides double, and nothing to train."""

from __future__ import annotations

import pytest

torch = pytest.importorskip('torch')
pytest.importorskip('mmpose')
from torch.nn import functional as F  # noqa: E402, N812

import fanet_mmpose.plugin  # noqa: E402, F401
from projects.handcrafted_features.extractors.handcrafted_backbone import HandcraftedBackbone  # noqa: E402

CHANNELS = {'HOG': 36, 'DenseLBP': 59, 'DenseSIFT': 128}


def images() -> torch.Tensor:
    noise = torch.randn(2, 3, 64, 96, generator=torch.Generator().manual_seed(0))
    return F.avg_pool2d(noise, 5, stride=1, padding=2)


@pytest.mark.parametrize('name', CHANNELS)
def test_strides_4_8_16_32_without_parameters(name: str) -> None:
    backbone = HandcraftedBackbone(dict(type=name))
    maps = backbone(images().requires_grad_())
    assert [tuple(m.shape[1:]) for m in maps] == [
        (CHANNELS[name], 64 // s, 96 // s) for s in (4, 8, 16, 32)
    ]
    assert not any(m.requires_grad for m in maps)
    assert not [*backbone.parameters()] and not backbone.state_dict()


@pytest.mark.parametrize('name', CHANNELS)
def test_each_image_of_a_batch_by_itself(name: str) -> None:
    backbone = HandcraftedBackbone(dict(type=name))
    batch = images()
    for together, alone in zip(backbone(batch), backbone(batch[1:]), strict=True):
        assert torch.allclose(together[1:], alone, atol=1e-4)


@pytest.mark.parametrize('name', CHANNELS)
def test_bfloat16_does_not_reach_the_descriptors(name: str) -> None:
    backbone = HandcraftedBackbone(dict(type=name))
    plain = backbone(images())
    with torch.autocast('cpu', dtype=torch.bfloat16):
        for a, b in zip(plain, backbone(images()), strict=True):
            assert b.dtype == torch.float32 and torch.equal(a, b)


def test_coarser_maps_are_averages() -> None:
    fine, coarse = HandcraftedBackbone(dict(type='HOG'), num_maps=2)(images())
    assert torch.allclose(coarse[0, :, 3, 5], fine[0, :, 6:8, 10:12].mean((1, 2)), atol=1e-6)
