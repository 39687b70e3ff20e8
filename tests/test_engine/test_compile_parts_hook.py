"""The head runs compiled where a config says so, and trains on the same gradients."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

torch = pytest.importorskip('torch')
pytest.importorskip('mmpose')
from torch import fx, nn  # noqa: E402

from fanet_mmpose.engine.compile_parts_hook import CompilePartsHook  # noqa: E402
from fanet_mmpose.errors import UserError  # noqa: E402


class Head(nn.Module):
    """Calls its own `forward`, as MMPose's heads do."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(4, 3)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.layer(x).relu()

    def loss(self, x: torch.Tensor) -> torch.Tensor:
        return self.forward(x).square().mean()


def slope(model: nn.Module, x: torch.Tensor) -> torch.Tensor:
    return torch.autograd.grad(model.head.loss(x), model.head.layer.weight)[0]


def test_the_part_runs_compiled_with_the_same_gradients() -> None:
    graphs: list[fx.GraphModule] = []

    def counting(graph: fx.GraphModule, inputs: list[torch.Tensor]):
        graphs.append(graph)
        return graph.forward

    torch._dynamo.register_backend(counting, name='counting')
    torch.manual_seed(0)
    model, x = nn.ModuleDict(dict(head=Head())), torch.randn(5, 4)
    expected, keys = slope(model, x), [*model.state_dict()]
    CompilePartsHook(backend='counting').before_train(SimpleNamespace(model=model))
    torch.testing.assert_close(slope(model, x), expected)
    assert len(graphs) == 1
    assert [*model.state_dict()] == keys


def test_an_unknown_part_is_named() -> None:
    runner = SimpleNamespace(model=nn.ModuleDict(dict(head=Head())))
    with pytest.raises(UserError, match='has no neck; it has head'):
        CompilePartsHook(parts=['neck']).before_train(runner)
