"""Cores are shared between computing and loading, the user has the last word; OpenCV is quiet."""

from __future__ import annotations

import os
import subprocess
import sys
from types import SimpleNamespace

import cv2
import pytest

from fanet_mmpose.native_libraries import (
    VARIABLE,
    keep_freed_memory,
    limit_threads,
    silence_opencv,
)


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


FAULTS = """
import platform, resource
from fanet_mmpose.native_libraries import keep_freed_memory

def pages() -> int:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(20):
        b'x' * (8 << 20)
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before

b'x' * (40 << 20)
told = keep_freed_memory()
pages()
print(platform.libc_ver()[0] or 'none', told, pages())
"""


def test_freed_memory_is_kept() -> None:
    if sys.platform == 'win32':
        assert not keep_freed_memory()
        return
    words = subprocess.check_output([sys.executable, '-c', FAULTS], text=True).split()
    assert words[0] != 'glibc' or words[1] == 'True'
    if words[1] == 'True':
        assert int(words[2]) < 2000  # fresh pages would be 20 times 2,048
