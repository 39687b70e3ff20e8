"""Kept constants are right on every way through a network: trained, tested, compiled, traced."""

from __future__ import annotations

import inspect
import runpy

import pytest
import torch

from fanet_mmpose.models import constants
from fanet_mmpose.models.constants import constant, map_size


def halved(x: torch.Tensor) -> torch.Tensor:
    return x / constant(map_size, x.shape[-1], x.shape[-2], like=x)


def test_built_once_for_each_size_and_dtype() -> None:
    like = torch.zeros(1)
    first = constant(map_size, 7, 9, like=like)
    assert first.tolist() == [7, 9] and first.dtype == torch.float32
    assert constant(map_size, 7, 9, like=like) is first
    assert constant(map_size, 9, 7, like=like).tolist() == [9, 7]
    assert constant(map_size, 7, 9, like=like.double()).dtype == torch.float64


def test_built_in_a_test_it_serves_training() -> None:
    x = torch.rand(3, 2)
    with torch.inference_mode():
        halved(x)
    weight = torch.ones(2, requires_grad=True)
    halved(x * weight).sum().backward()
    assert weight.grad is not None


@pytest.mark.skipif(
    'strict' not in inspect.signature(torch.export.export).parameters,
    reason='before torch 2.5 the export that traces so is not there',
)
def test_tracing_with_valueless_tensors_leaves_nothing_behind() -> None:
    class Halve(torch.nn.Module):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return halved(x)

    x = torch.rand(5, 2)
    exported = torch.export.export(Halve(), (x,), strict=False).module()
    assert type(constant(map_size, 2, 5, like=x)) is torch.Tensor
    assert torch.equal(exported(x), halved(x))


def test_compiled_it_is_the_same() -> None:
    x = torch.rand(4, 2)
    compiled = torch.compile(halved, backend='eager')
    assert torch.equal(compiled(x), halved(x))


def test_a_pytorch_that_cannot_be_asked_compiles_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(torch.compiler, 'is_dynamo_compiling')
    assert runpy.run_path(constants.__file__)['is_compiling']() is False
