"""Cores are shared between computing and loading, and the user has the last word."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from fanet_mmpose.threads import VARIABLE, limit_threads


@pytest.mark.parametrize(('cores', 'threads'), [(1, '1'), (2, '1'), (3, '1'), (16, '14')])
def test_two_cores_are_left(cores: int, threads: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, 'to be restored')
    monkeypatch.delenv(VARIABLE)
    limit_threads(cores)
    assert os.environ[VARIABLE] == threads


def test_the_users_choice_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, '5')
    limit_threads(2)
    assert os.environ[VARIABLE] == '5'


def test_it_comes_before_numpy_and_torch() -> None:
    code = 'import sys, fanet_mmpose.threads; print({"numpy", "torch"} & {*sys.modules})'
    assert subprocess.check_output([sys.executable, '-c', code], text=True).strip() == 'set()'
