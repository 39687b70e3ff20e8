"""Several worker processes: the rows of one, also when some of them die."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from helpers.corpus import children, each_once, keys, parts, wait_for

from fanet_mmpose.corpus.part_reader import read_rows

COUNT = 60
CRASHING = Path(__file__).parent / 'crashing'


def by_key(out: Path) -> dict[str, dict[str, Any]]:
    return {row['key']: row for row in read_rows(out)}


def test_two_processes_write_the_rows_of_one_although_pictures_kill_them(
    make_pictures: Callable[..., Path],
    start: Callable[..., subprocess.Popen],
    annotate: Callable[..., tuple[int, str, str]],
    tmp_path: Path,
) -> None:
    folder, one, two = make_pictures(COUNT), tmp_path / 'one', tmp_path / 'two'
    annotate(folder, '-o', one, '--workers', 1)
    for name in ('00007.png', '00008.png'):
        cv2.imwrite(str(folder / name), np.full((8, 8, 3), (1, 2, 3), np.uint8))
    job = start(folder, '-o', two, '--workers', 2, '--part-size', 8, path=CRASHING)
    wait_for(lambda: parts(two) >= 1)
    os.kill(children(job)[-1], signal.SIGKILL)  # from outside: no picture's fault
    said, errors = job.communicate(timeout=300)
    assert job.returncode == 1, errors
    assert keys(two) == each_once(COUNT)
    rows, expected = by_key(two), by_key(one)
    failed = [Path(key).name for key, row in rows.items() if row['error']]
    assert sorted(failed) == ['00007.png', '00008.png']
    for key, row in rows.items():
        if not row['error']:
            np.testing.assert_array_equal(row['points'], expected[key]['points'])


def test_a_worker_that_takes_all_memory_costs_its_picture(
    make_pictures: Callable[..., Path],
    annotate: Callable[..., tuple[int, str, str]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder, out = make_pictures(12), tmp_path / 'out'
    cv2.imwrite(str(folder / '00005.png'), np.full((8, 8, 3), (1, 2, 3), np.uint8))
    monkeypatch.setenv('CRASH_WITH', str(int(signal.SIGKILL)))  # as the kernel does then
    code, _, errors = annotate(folder, '-o', out, '--workers', 2, path=CRASHING)
    assert code == 1, errors
    assert [Path(row['key']).name for row in read_rows(out) if row['error']] == ['00005.png']
    assert keys(out) == each_once(12)
