"""The head runs compiled where a config says so, and trains on the same gradients."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

torch = pytest.importorskip('torch')
pytest.importorskip('mmpose')
from torch import fx, nn  # noqa: E402

import fanet_mmpose.plugin  # noqa: E402, F401
from fanet_mmpose.engine.compile_parts_hook import CompilePartsHook  # noqa: E402
from fanet_mmpose.errors import UserError  # noqa: E402
from fanet_mmpose.models.local_coordinate_head import LocalCoordinateHead  # noqa: E402


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


def count_graphs(name: str) -> list[fx.GraphModule]:
    """Register a backend that runs graphs as they are; the list grows with each."""
    graphs: list[fx.GraphModule] = []

    def counting(graph: fx.GraphModule, inputs: list[torch.Tensor]):
        graphs.append(graph)
        return graph.forward

    torch._dynamo.register_backend(counting, name=name)
    return graphs


def test_the_part_runs_compiled_with_the_same_gradients() -> None:
    graphs = count_graphs('counting')
    torch.manual_seed(0)
    model, x = nn.ModuleDict(dict(head=Head())), torch.randn(5, 4)
    expected, keys = slope(model, x), [*model.state_dict()]
    CompilePartsHook(backend='counting').before_train(SimpleNamespace(model=model))
    torch.testing.assert_close(slope(model, x), expected)
    assert len(graphs) == 1
    assert [*model.state_dict()] == keys


def test_validation_runs_the_part_as_it_is() -> None:
    graphs = count_graphs('counting_validation')
    model = nn.ModuleDict(dict(head=Head()))
    CompilePartsHook(backend='counting_validation').before_train(SimpleNamespace(model=model))
    model.eval().head(torch.randn(3, 4))
    assert not graphs
    model.train().head(torch.randn(3, 4))
    assert len(graphs) == 1


def build_head() -> LocalCoordinateHead:
    torch.manual_seed(0)
    head = LocalCoordinateHead(
        in_channels=8,
        num_keypoints=5,
        attention=dict(type='LandmarkAttention', embed_dims=16),
        decoder=dict(type='LocalCoordinateLabel', input_size=(64, 64)),
    )
    nn.init.normal_(head.refine.weight, std=0.1)
    return head


def gradients(head: LocalCoordinateHead, feature_map: torch.Tensor) -> list[torch.Tensor]:
    found = head.forward((feature_map,))
    loss = found.score_map.square().mean() + found.refined.sum() + found.log_scale.sum()
    return [*torch.autograd.grad(loss, [feature_map, *head.attention.parameters()])]


def test_the_head_is_one_graph_without_calls_that_no_compiler_joins() -> None:
    graphs = count_graphs('counting_head')
    head = build_head()
    feature_map = torch.randn(2, 8, 16, 16, requires_grad=True)
    expected = gradients(head, feature_map)
    hook = CompilePartsHook(backend='counting_head')
    hook.before_train(SimpleNamespace(model=nn.ModuleDict(dict(head=head))))
    torch.testing.assert_close(gradients(head, feature_map), expected, rtol=1e-4, atol=1e-5)
    assert len(graphs) == 1
    assert 'grid_sample' not in graphs[0].code


def test_an_unknown_part_is_named() -> None:
    runner = SimpleNamespace(model=nn.ModuleDict(dict(head=Head())))
    with pytest.raises(UserError, match='has no neck; it has head'):
        CompilePartsHook(parts=['neck']).before_train(runner)


@pytest.mark.parametrize('options', [dict(backend='nonsense'), dict(mode='nonsense')])
def test_what_pytorch_cannot_do_is_named(options: dict[str, str]) -> None:
    runner = SimpleNamespace(model=nn.ModuleDict(dict(head=Head())))
    with pytest.raises(UserError, match='nonsense'):
        CompilePartsHook(**options).before_train(runner)
