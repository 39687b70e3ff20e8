"""Processes without GPUs, and threads that are given back."""

from __future__ import annotations

import pytest
import torch
from mmengine.config import Config

from fanet_mmpose.engine.processes import one_thread, use_cpu_processes
from fanet_mmpose.errors import UserError


def test_several_machines_need_gpus_for_other_launchers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(torch.cuda, 'is_available', lambda: False)
    with pytest.raises(UserError, match='--launcher pytorch'):
        use_cpu_processes(Config(dict(launcher='slurm')))


def test_threads_come_back() -> None:
    before = torch.get_num_threads()
    with one_thread():
        assert torch.get_num_threads() == 1
    assert torch.get_num_threads() == before
