"""A network with quicker parts computes the same losses and gradients, and keeps its keys."""

from __future__ import annotations

from collections.abc import Callable

import pytest

torch = pytest.importorskip('torch')
pytest.importorskip('mmpose')
from mmpose.models.backbones import ResNetV1d  # noqa: E402
from torch import Tensor, nn  # noqa: E402

import fanet_mmpose.plugin  # noqa: E402, F401
from fanet_mmpose.models.local_coordinate_head import LocalCoordinateHead, Truth  # noqa: E402
from fanet_mmpose.models.quick_parts import ProductConv2d, quicken  # noqa: E402


def backbone() -> nn.Module:
    torch.manual_seed(0)
    return ResNetV1d(depth=18, stem_channels=8, base_channels=8, out_indices=(0, 1))


def head() -> nn.Module:
    torch.manual_seed(0)
    built = LocalCoordinateHead(
        8,
        5,
        attention=dict(type='LandmarkAttention', embed_dims=8),
        decoder=dict(type='LocalCoordinateLabel', input_size=(32, 32), stride=4),
    )
    nn.init.normal_(built.refine.weight, std=0.1)  # zeros give the attention no gradients
    return built


def both(build: Callable[[], nn.Module]) -> tuple[nn.Module, nn.Module]:
    """As built, and quickened; channels-last, in training as modules are when they are built."""
    plain, quick = (build().to(memory_format=torch.channels_last) for _ in range(2))
    quicken(quick)
    assert plain.state_dict().keys() == quick.state_dict().keys()
    return plain, quick


def gradients(loss: Tensor, model: nn.Module, x: Tensor) -> list[Tensor]:
    used = [parameter for parameter in model.parameters()]
    found = torch.autograd.grad(loss, [x, *used], allow_unused=True)
    return [one for one in found if one is not None]


def test_the_backbone_gives_the_same_maps_and_gradients() -> None:
    plain, quick = both(backbone)
    x = torch.randn(2, 3, 64, 64).to(memory_format=torch.channels_last).requires_grad_()
    maps = [model(x) for model in (plain, quick)]
    torch.testing.assert_close(maps[1], maps[0], rtol=1e-4, atol=1e-5)
    grads = [
        gradients(sum(one.square().mean() for one in found), model, x)
        for found, model in zip(maps, (plain, quick), strict=True)
    ]
    assert len(grads[0]) > 20
    for theirs, ours in zip(*grads, strict=True):
        torch.testing.assert_close(ours, theirs, rtol=1e-3, atol=1e-4 * float(theirs.abs().max()))
    assert isinstance(quick.stem[-1].activate, nn.Identity) and isinstance(
        quick.maxpool[1], nn.ReLU
    )


def test_pooling_before_the_relu_is_exact() -> None:
    """Also where all of a window is negative, and where two of it are equal."""
    x = torch.randn(2, 4, 16, 16).mul(2).round().requires_grad_()
    pool, relu = nn.MaxPool2d(3, 2, 1), nn.ReLU()
    first, second = pool(relu(x)), relu(pool(x))
    assert torch.equal(first, second)
    slopes = torch.randn_like(first)
    grads = [torch.autograd.grad(one, x, slopes)[0] for one in (first, second)]
    torch.testing.assert_close(*grads)


def test_the_head_has_the_same_losses_and_gradients() -> None:
    plain, quick = both(head)
    assert isinstance(quick.score, ProductConv2d)
    x = torch.randn(3, 8, 8, 8).to(memory_format=torch.channels_last).requires_grad_()
    truth = Truth(torch.rand(3, 5, 2) * 7, torch.ones(3, 5), torch.ones(3, 5))
    assert quick.score(x).is_contiguous() and not plain.score(x).is_contiguous()
    found = [model.forward((x,)) for model in (plain, quick)]
    losses = [m.loss_by_feat(f, truth) for m, f in zip((plain, quick), found, strict=True)]
    torch.testing.assert_close(losses[1], losses[0])
    theirs, ours = (
        gradients(sum(loss.values()), model, x)
        for loss, model in zip(losses, (plain, quick), strict=True)
    )
    torch.testing.assert_close(ours, theirs, rtol=1e-3, atol=1e-5)
    with torch.inference_mode():
        torch.testing.assert_close(quick.eval()((x,)), plain.eval()((x,)))


def test_the_head_trains_in_float32_under_autocast_and_its_map_gradient_is_channels_last() -> None:
    plain, quick = both(head)
    maps = torch.randn(3, 8, 8, 8).bfloat16().to(memory_format=torch.channels_last)
    truth = Truth(torch.rand(3, 5, 2) * 7, torch.ones(3, 5), torch.ones(3, 5))
    x = maps.float().requires_grad_()
    expected = sum(plain.loss_by_feat(plain.forward((x,)), truth).values())
    theirs = gradients(expected, plain, x)
    half = maps.clone().requires_grad_()
    with torch.autocast('cpu', torch.bfloat16):
        loss = sum(quick.loss_by_feat(quick.forward((half,)), truth).values())
    torch.testing.assert_close(loss, expected)
    ours = gradients(loss, quick, half)
    torch.testing.assert_close(ours[1:], theirs[1:], rtol=1e-3, atol=1e-5)
    torch.testing.assert_close(ours[0].float(), theirs[0], rtol=2e-2, atol=1e-4)
    assert ours[0].is_contiguous(memory_format=torch.channels_last)


def test_the_head_is_used_as_it_was() -> None:
    """Evaluation is no concern of a quick head: whoever halves it gets what it gives anyway."""
    plain, quick = (model.eval() for model in both(head))
    maps = torch.randn(2, 8, 8, 8)
    with torch.inference_mode(), torch.autocast('cpu', torch.bfloat16):
        torch.testing.assert_close(quick((maps,)), plain((maps,)), rtol=0, atol=0)
