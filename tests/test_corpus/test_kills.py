"""Real processes are killed, sources vanish, disks fill: nothing is lost, nothing is twice."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from helpers.corpus import children, each_once, keys, parts, wait_for

from fanet_mmpose.corpus.part_reader import read_rows

COUNT = 120
Start = Callable[..., subprocess.Popen]
Annotate = Callable[..., tuple[int, str, str]]


@pytest.mark.parametrize('moment', [0, 1, 5])
def test_kill_9_of_the_job(
    make_pictures: Callable[..., Path],
    start: Start,
    annotate: Annotate,
    tmp_path: Path,
    moment: int,
) -> None:
    folder, out = make_pictures(COUNT), tmp_path / 'out'
    job = start(folder, '-o', out, '--workers', 1, '--part-size', 8)
    wait_for(lambda: (out / '_fanet_manifest.sqlite').exists() and parts(out) >= moment)
    orphans = children(job)
    job.kill()
    assert 'Traceback' not in job.communicate()[1]  # of a worker that has nobody to tell
    wait_for(lambda: not any(Path(f'/proc/{pid}/fd/0').exists() for pid in orphans))
    before = {part.name: part.stat().st_mtime_ns for part in out.glob('part-*')}
    assert keys(out).keys() < each_once(COUNT).keys()
    code, _, errors = annotate(folder, '-o', out, '--workers', 1, '--part-size', 8)
    assert code == 0, errors
    assert keys(out) == each_once(COUNT)
    now = {part.name: part.stat().st_mtime_ns for part in out.glob('part-*')}
    assert before.items() <= now.items()  # nothing was computed anew
    assert not list(out.glob('.part-*'))


def test_kill_9_of_a_worker_costs_nothing(
    make_pictures: Callable[..., Path], start: Start, tmp_path: Path
) -> None:
    folder, out = make_pictures(COUNT), tmp_path / 'out'
    job = start(folder, '-o', out, '--workers', 1, '--part-size', 16)
    wait_for(lambda: parts(out) >= 1)
    os.kill(children(job)[0], signal.SIGKILL)
    _, errors = job.communicate(timeout=300)
    assert job.returncode == 0, errors
    assert keys(out) == each_once(COUNT)


def test_a_picture_that_kills_its_process_is_named(
    make_pictures: Callable[..., Path], annotate: Annotate, tmp_path: Path
) -> None:
    folder, out = make_pictures(20), tmp_path / 'out'
    cv2.imwrite(str(folder / '00007.png'), np.full((8, 8, 3), (1, 2, 3), np.uint8))
    crashing = Path(__file__).parent / 'crashing'
    code, _, errors = annotate(folder, '-o', out, '--workers', 1, path=crashing)
    assert code == 1, errors
    failed = [row for row in read_rows(out) if row['error']]
    assert [Path(row['key']).name for row in failed] == ['00007.png']
    assert 'died twice' in failed[0]['error']
    assert keys(out) == each_once(20)


@pytest.mark.parametrize('number', [signal.SIGINT, signal.SIGTERM])
def test_signals_close_the_parts(
    make_pictures: Callable[..., Path],
    start: Start,
    annotate: Annotate,
    tmp_path: Path,
    number: int,
) -> None:
    folder, out = make_pictures(COUNT), tmp_path / 'out'
    arguments = (folder, '-o', out, '--workers', 1, '--part-size', 16)
    job = start(*arguments)
    wait_for(lambda: parts(out) >= 1)
    job.send_signal(number)
    _, errors = job.communicate(timeout=300)
    assert job.returncode in (0, 130), errors  # it may have been done
    assert annotate(*arguments)[0] == 0
    assert keys(out) == each_once(COUNT)


def test_a_second_job_on_the_output_is_refused(
    make_pictures: Callable[..., Path], start: Start, annotate: Annotate, tmp_path: Path
) -> None:
    folder, out = make_pictures(COUNT), tmp_path / 'out'
    job = start(folder, '-o', out, '--workers', 1, '--part-size', 8)
    wait_for(lambda: (out / '_fanet_manifest.sqlite').exists())
    os.kill(job.pid, signal.SIGSTOP)
    code, _, errors = annotate(folder, '-o', out, '--workers', 1)
    assert code == 2 and f'process {job.pid}' in errors and errors.count('\n') == 1
    job.kill()  # a dead process holds no lock
    job.communicate()
    assert annotate(folder, '-o', out, '--workers', 1, '--part-size', 8)[0] == 0
    assert keys(out) == each_once(COUNT)


def test_full_disk(
    make_pictures: Callable[..., Path], annotate: Annotate, small_disk: Path, tmp_path: Path
) -> None:
    folder, out = make_pictures(COUNT), small_disk / 'out'
    arguments = (folder, '-o', out, '--workers', 1, '--part-size', 8)
    code, _, errors = annotate(*arguments)
    assert code == 2 and errors.count('\n') == 1, errors
    assert 'space' in errors or 'disk' in errors
    before = keys(out)
    assert set(before.values()) <= {1} and not list(out.glob('.part-*'))
    subprocess.run(['mount', '-o', 'remount,size=8m', str(small_disk)], check=True)
    assert annotate(*arguments)[0] == 0
    assert keys(out) == each_once(COUNT)


def test_vanished_source(
    make_pictures: Callable[..., Path], start: Start, annotate: Annotate, tmp_path: Path
) -> None:
    folder, out = make_pictures(COUNT), tmp_path / 'out'
    arguments = (folder, '-o', out, '--workers', 1, '--part-size', 8)
    job = start(*arguments)
    wait_for(lambda: parts(out) >= 1)
    os.kill(job.pid, signal.SIGSTOP)
    away = folder.rename(tmp_path / 'away')
    os.kill(job.pid, signal.SIGCONT)
    _, errors = job.communicate(timeout=300)
    assert job.returncode == 1 and f'{folder}: has vanished' in errors, errors
    assert not [row for row in read_rows(out) if row['error']]
    away.rename(folder)
    assert annotate(*arguments)[0] == 0
    assert keys(out) == each_once(COUNT)
