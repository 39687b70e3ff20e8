"""The hook changes the model where it stands on a CPU, and nowhere else."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

torch = pytest.importorskip('torch')
pytest.importorskip('mmpose')
from torch import nn  # noqa: E402

from fanet_mmpose.engine import quick_cpu_hook as module  # noqa: E402
from fanet_mmpose.engine.quick_cpu_hook import QuickCPUHook  # noqa: E402
from fanet_mmpose.models.narrow_batch_norm import NarrowBatchNorm2d  # noqa: E402


@pytest.mark.parametrize(('device', 'changed'), [('cpu', True), ('meta', False)])
def test_only_on_a_cpu(device: str, changed: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[bool] = []
    monkeypatch.setattr(module, 'keep_freed_memory', lambda: told.append(True))
    model = nn.Sequential(nn.Conv2d(3, 12, 3), nn.BatchNorm2d(12)).to(device)
    QuickCPUHook().before_run(SimpleNamespace(model=model))
    assert bool(told) == changed
    assert isinstance(model[1], NarrowBatchNorm2d) == changed
