"""The numbers are those of `nn.BatchNorm2d`, and the quick way is taken where it is quick."""

from __future__ import annotations

import pytest

torch = pytest.importorskip('torch')
from torch import Tensor, nn  # noqa: E402

from fanet_mmpose.models import narrow_batch_norm as module  # noqa: E402
from fanet_mmpose.models.narrow_batch_norm import (  # noqa: E402
    NarrowBatchNorm2d,
    as_rows,
    quicken_norms,
)


def norm_of(channels: int) -> nn.BatchNorm2d:
    torch.manual_seed(0)
    norm = nn.BatchNorm2d(channels)
    nn.init.uniform_(norm.weight, 0.5, 2)
    nn.init.normal_(norm.bias)
    return norm


def quick(norm: nn.BatchNorm2d) -> NarrowBatchNorm2d:
    copied = norm_of(norm.num_features)
    quicken_norms(copied)
    return copied


def trained(norm: nn.Module, x: Tensor, slopes: Tensor) -> list[Tensor]:
    """Output, gradients and running statistics of two steps."""
    for _ in range(2):
        x = x.detach().requires_grad_()
        norm.zero_grad()
        y = norm(x)
        nn.functional.relu(y, inplace=True).backward(slopes)  # as the backbone does it
    return [y, x.grad, norm.weight.grad, norm.bias.grad, norm.running_mean, norm.running_var]


@pytest.mark.parametrize('shape', [(4, 12, 32, 32), (3, 20, 5, 7), (1, 12, 1, 2)])
def test_as_exact_as_pytorch_is(shape: tuple[int, ...]) -> None:
    x = (torch.randn(shape) * 3 + 20).to(memory_format=torch.channels_last)
    slopes = torch.randn(shape)
    plain, ours = norm_of(shape[1]), quick(norm_of(shape[1]))
    exact = trained(norm_of(shape[1]).double(), x.double(), slopes.double())
    found, theirs = trained(ours, x, slopes), trained(plain, x, slopes)
    for value, other, truth in zip(found, theirs, exact, strict=True):
        rounding = (other - truth).abs().max()
        assert (value - truth).abs().max() <= 3 * rounding + 1e-5 * truth.abs().max()
    assert int(ours.num_batches_tracked) == 2
    assert ours.state_dict().keys() == plain.state_dict().keys()


def test_the_quick_way_is_for_narrow_channels_last_maps_in_training(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    taken: list[int] = []
    monkeypatch.setattr(module, 'as_rows', lambda x: taken.append(x.shape[1]) or as_rows(x))

    def run(channels: int, layout: torch.memory_format, training: bool = True) -> bool:
        taken.clear()
        x = torch.randn(2, channels, 8, 8).to(memory_format=layout)
        quick(norm_of(channels)).train(training)(x)
        return bool(taken)

    assert run(12, torch.channels_last)
    assert not run(24, torch.channels_last)
    assert not run(12, torch.contiguous_format)
    assert not run(12, torch.channels_last, training=False)


def test_other_norms_stay() -> None:
    model = nn.Sequential(nn.BatchNorm2d(12), nn.BatchNorm1d(12), nn.SyncBatchNorm(12))
    quicken_norms(model)
    kinds = [type(norm) for norm in model]
    assert kinds == [NarrowBatchNorm2d, nn.BatchNorm1d, nn.SyncBatchNorm]


def test_too_little_is_left_to_pytorch() -> None:
    norm = quick(norm_of(12))
    with pytest.raises(ValueError, match='more than 1 value per channel'):
        norm(torch.rand(1, 12, 1, 1))
    empty = torch.rand(0, 12, 4, 4).to(memory_format=torch.channels_last)
    assert norm(empty).shape == empty.shape
