"""Processes without GPUs, and threads that are given back."""

from __future__ import annotations

import os

import pytest
import torch
from mmengine.config import Config

from fanet_mmpose.engine.processes import one_thread, stay_on_this_machine, use_processes
from fanet_mmpose.errors import UserError


def test_several_machines_need_gpus_for_other_launchers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(torch.cuda, 'is_available', lambda: False)
    with pytest.raises(UserError, match='--launcher pytorch'):
        use_processes(Config(dict(launcher='mpi')))


@pytest.mark.parametrize(
    'address, given, expected',
    [('127.0.0.1', None, 'lo'), ('127.0.0.1', 'eth7', 'eth7'), ('10.0.0.1', None, None)],
)
def test_processes_of_one_machine_talk_over_its_loopback(
    monkeypatch: pytest.MonkeyPatch, address: str, given: str | None, expected: str | None
) -> None:
    monkeypatch.setenv('MASTER_ADDR', address)
    monkeypatch.setenv('GLOO_SOCKET_IFNAME', given or '')  # so that it is restored
    if given is None:
        monkeypatch.delenv('GLOO_SOCKET_IFNAME')
    stay_on_this_machine()
    name = os.environ.get('GLOO_SOCKET_IFNAME')
    assert (name and name.rstrip('0')) == expected  # lo0 on a Mac


def test_threads_come_back() -> None:
    before = torch.get_num_threads()
    with one_thread():
        assert torch.get_num_threads() == 1
    assert torch.get_num_threads() == before
