"""bfloat16 in the forward pass only, where it is quick; the layout hook changes no result."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace

import pytest

torch = pytest.importorskip('torch')
pytest.importorskip('mmpose')
from mmengine.model import MMDistributedDataParallel  # noqa: E402
from torch import distributed  # noqa: E402

from fanet_mmpose.engine import mixed_precision as module  # noqa: E402
from fanet_mmpose.engine.mixed_precision import ChannelsLastHook  # noqa: E402


@pytest.mark.parametrize('fast', [True, False])
def test_forward_in_bfloat16_weights_in_float32(
    fast: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, 'has_fast_bfloat16', lambda: fast)
    monkeypatch.setattr('mmengine.runner.amp.get_device', lambda: 'cpu')
    model = torch.nn.Linear(4, 4)
    before = model.weight.detach().clone()
    wrapper = module.AutocastOptimWrapper(optimizer=torch.optim.SGD(model.parameters(), lr=0.1))
    with wrapper.optim_context(model):
        out = model(torch.ones(2, 4))
    assert out.dtype == (torch.bfloat16 if fast else torch.float32)
    wrapper.update_params(out.float().sum())
    assert model.weight.dtype == torch.float32
    assert not torch.equal(model.weight, before)


@pytest.mark.parametrize('native', [True, False])
def test_emulated_bfloat16_is_not_fast(native: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module.platform, 'machine', lambda: 'x86_64')
    monkeypatch.setattr(torch.cuda, 'is_available', lambda: False)
    monkeypatch.setattr(torch.backends.mkldnn, 'is_available', lambda: True)
    monkeypatch.setattr(torch.cpu, '_is_amx_tile_supported', lambda: False, raising=False)
    monkeypatch.setattr(torch.cpu, '_is_avx512_bf16_supported', lambda: native, raising=False)
    assert module.has_fast_bfloat16() == native


def test_channels_last_changes_the_layout_and_not_the_result() -> None:
    torch.manual_seed(0)
    model = torch.nn.Sequential(torch.nn.Conv2d(3, 8, 3), torch.nn.Conv2d(8, 4, 1)).eval()
    image = torch.randn(2, 3, 16, 16)
    before = model(image)
    ChannelsLastHook().before_run(SimpleNamespace(model=model))
    assert model[0].weight.is_contiguous(memory_format=torch.channels_last)
    assert torch.allclose(model(image), before, atol=1e-5)


@pytest.fixture
def group() -> Iterator[None]:
    """A process group of this process alone."""
    distributed.init_process_group('gloo', store=distributed.HashStore(), rank=0, world_size=1)
    yield
    distributed.destroy_process_group()


def test_gradients_of_several_processes_keep_their_places(group: None) -> None:
    torch.manual_seed(0)
    model = torch.nn.Sequential(torch.nn.Conv2d(3, 8, 3), torch.nn.Conv2d(8, 4, 3))
    images = torch.randn(2, 3, 8, 8)
    expected = torch.autograd.grad(model(images).square().sum(), [*model.parameters()])
    wrapped = MMDistributedDataParallel(model)
    runner, hook = SimpleNamespace(model=wrapped), ChannelsLastHook()
    hook.before_run(runner)
    hook.before_train(runner)
    wrapped(images).square().sum().backward()
    for weights, gradient in zip(model.parameters(), expected, strict=True):
        torch.testing.assert_close(weights.grad, gradient)
