"""Few groups, and the very steps that one group for each parameter takes."""

from __future__ import annotations

from copy import deepcopy

import pytest

torch = pytest.importorskip('torch')
pytest.importorskip('mmpose')
from mmengine.optim import DefaultOptimWrapperConstructor  # noqa: E402
from torch import nn  # noqa: E402

from fanet_mmpose.engine.merged_groups_constructor import (  # noqa: E402
    MergedGroupsConstructor,
    choose_wrapper,
    fuse,
    merge_groups,
)

OPTIM_WRAPPER = dict(type='OptimWrapper', optimizer=dict(type='AdamW', lr=0.01, weight_decay=0.1))
PARAMWISE = dict(
    norm_decay_mult=0.0,
    bias_decay_mult=0.0,
    bypass_duplicate=True,
    custom_keys={'2': dict(lr_mult=0.1)},
)


def build() -> nn.Sequential:
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(4, 5), nn.LayerNorm(5), nn.Linear(5, 3))


def trained(constructor: type) -> tuple[nn.Module, list[dict]]:
    model = build()
    wrapper = constructor(deepcopy(OPTIM_WRAPPER), deepcopy(PARAMWISE))(model)
    for step in range(3):
        torch.manual_seed(step)
        wrapper.update_params(model(torch.rand(6, 4)).square().sum())
    return model, wrapper.optimizer.param_groups


def test_few_groups_and_the_same_steps() -> None:
    ours, merged = trained(MergedGroupsConstructor)
    theirs, single = trained(DefaultOptimWrapperConstructor)
    assert len(merged) == 3 and len(single) == 6
    assert sum(len(group['params']) for group in merged) == 6
    for a, b in zip(ours.parameters(), theirs.parameters(), strict=True):
        torch.testing.assert_close(a, b)
        assert not torch.equal(a, torch.zeros_like(a))


def test_shared_parameters_are_stepped_once() -> None:
    model = build()
    model.append(model[0])
    wrapper = MergedGroupsConstructor(deepcopy(OPTIM_WRAPPER), deepcopy(PARAMWISE))(model)
    listed = [id(p) for group in wrapper.optimizer.param_groups for p in group['params']]
    assert len(listed) == len(set(listed)) == 6


def test_no_groups() -> None:
    assert merge_groups([]) == []


@pytest.mark.parametrize(
    ('given', 'has_gpu', 'expected'),
    [
        (dict(clip_grad=1), False, dict(clip_grad=1, type='AutocastOptimWrapper')),
        (dict(clip_grad=1), True, dict(clip_grad=1, type='AutocastOptimWrapper')),
        (
            dict(type='AmpOptimWrapper', loss_scale='dynamic'),
            False,
            dict(type='AutocastOptimWrapper'),
        ),
        *[
            (dict(type=kind, loss_scale='dynamic'), True, dict(type=kind, loss_scale='dynamic'))
            for kind in ('AmpOptimWrapper', 'OptimWrapper')
        ],
        (dict(type='OptimWrapper'), False, dict(type='OptimWrapper')),
    ],
)
def test_the_wrapper_that_runs_here(given: dict, has_gpu: bool, expected: dict) -> None:
    before = deepcopy(given)
    assert choose_wrapper(given, has_gpu) == expected
    assert given == before


@pytest.mark.parametrize(
    ('given', 'device', 'fused'),
    [
        (dict(type='AdamW'), 'cpu', True),
        (dict(type='Adam'), 'cuda', True),
        (dict(type='SGD'), 'cpu', None),
        (dict(type='AdamW'), 'mps', None),
        (dict(type='AdamW', fused=False), 'cpu', False),
        (dict(type='AdamW', foreach=True), 'cuda', None),
    ],
)
def test_fused_where_pytorch_can(given: dict, device: str, fused: bool | None) -> None:
    before = dict(given)
    assert fuse(given, device).get('fused') is fused
    assert given == before


def test_the_recipe_s_steps_are_fused_and_older_states_go_on() -> None:
    model, groups = trained(MergedGroupsConstructor)
    assert all(group['fused'] for group in groups)
    older = torch.optim.AdamW([dict(params=group['params']) for group in groups]).state_dict()
    newer = torch.optim.AdamW([dict(params=g['params']) for g in groups], fused=True)
    newer.load_state_dict(older)
    model(torch.rand(2, 4)).sum().backward()
    newer.step()


def test_a_state_of_another_memory_layout_goes_on() -> None:
    stepped = []
    for fused in (False, True):
        torch.manual_seed(0)
        model = nn.Conv2d(3, 4, 3)
        settings = dict(type='OptimWrapper', optimizer=dict(type='AdamW', lr=0.1, fused=fused))
        wrapper = MergedGroupsConstructor(settings)(model)
        for _ in range(2):
            wrapper.update_params(model(torch.rand(2, 3, 5, 5)).square().sum())
            state = deepcopy(wrapper.state_dict())
            model.to(memory_format=torch.channels_last)
            wrapper.load_state_dict(state)
        weight = model.weight
        weight.grad = torch.rand(weight.shape)  # contiguous
        wrapper.step()
        stepped.append(weight.detach())
    torch.testing.assert_close(*stepped)
