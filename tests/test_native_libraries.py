"""Cores are shared between computing and loading, the user has the last word; OpenCV is quiet."""

from __future__ import annotations

import os
import subprocess
import sys
from types import SimpleNamespace

import cv2
import pytest

from fanet_mmpose.native_libraries import VARIABLE, limit_threads, silence_opencv


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
    code = 'import sys, fanet_mmpose.native_libraries; print({"numpy", "torch"} & {*sys.modules})'
    assert subprocess.check_output([sys.executable, '-c', code], text=True).strip() == 'set()'


@pytest.mark.parametrize('place', ['cv2', 'cv2.utils.logging'])
def test_both_places_of_the_switch(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    levels: list[int] = []
    monkeypatch.setattr(os, 'environ', {})
    if place == 'cv2':
        monkeypatch.setattr(cv2, 'setLogLevel', levels.append, raising=False)
    else:  # 4.14
        monkeypatch.delattr(cv2, 'setLogLevel', raising=False)
        logging = SimpleNamespace(setLogLevel=levels.append)
        monkeypatch.setattr(cv2.utils, 'logging', logging, raising=False)
    silence_opencv()
    assert levels == [0]
