"""What is compared does the same work, in turns, and the log says what the page says."""

from __future__ import annotations

import json

import pytest
import torch
from torch import nn

pytest.importorskip('mmpose')

from mmengine.registry import DefaultScope  # noqa: E402
from mmpose.engine.hooks.ema_hook import ExpMomentumEMA  # noqa: E402

from fanet_mmpose.engine.batched_ema import BatchedEMA  # noqa: E402
from projects.speed.tools.training_machinery import averaging, in_turns, stepping  # noqa: E402
from tests.helpers.tiny_fanet import REPO  # noqa: E402


def test_pairs_take_turns() -> None:
    calls: list[str] = []
    row = in_turns(lambda: calls.append('a'), lambda: calls.append('b'), rounds=2)
    assert calls == ['a', 'b'] * 3
    assert row.keys() == {'ours_ms', 'host_ms', 'ratio'}


def test_the_jobs_run() -> None:
    model = nn.Linear(3, 2)
    for kind in (BatchedEMA, ExpMomentumEMA):
        averaging(model, kind)()
    before = model.weight.clone()
    settings = dict(optimizer=dict(type='AdamW', lr=0.1))
    with DefaultScope.overwrite_default_scope('mmpose'):
        for name in ('MergedGroupsConstructor', 'DefaultOptimWrapperConstructor'):
            stepping(model, settings, name)()
    assert not torch.equal(model.weight, before)


def test_the_page_has_the_log_s_ratios() -> None:
    log = json.loads((REPO / 'projects/speed/results/training_machinery.json').read_text())
    page = (REPO / 'projects/speed/README.md').read_text()
    for name, row in log['parts'].items():
        assert f'| `{name}` | {row["ours_ms"]} | {row["host_ms"]} | {row["ratio"]} |' in page
