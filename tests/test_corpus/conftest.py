"""A cheap job: a model without training, one pass, small pictures."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import pytest
from helpers.blob_model import picture_with_spots, write_blob_model

pytest.importorskip('pyarrow')

REPO = Path(__file__).resolve().parents[2]


@pytest.fixture(scope='session')
def model(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(write_blob_model(tmp_path_factory.mktemp('model') / 'blob.onnx'))


@pytest.fixture
def make_pictures(tmp_path: Path) -> Callable[[int], Path]:
    """A folder of so many pictures, each with its own spot."""

    def make(count: int, name: str = 'in') -> Path:
        folder = tmp_path / name
        folder.mkdir(exist_ok=True)
        for number in range(count):
            spot = (20 + number % 24, 20 + number // 24 % 24)
            picture = picture_with_spots([spot], radius=8, shape=(64, 64))
            cv2.imwrite(str(folder / f'{number:05d}.png'), picture)
        return folder

    return make


@pytest.fixture
def start(model: str) -> Callable[..., subprocess.Popen]:
    """`fanet annotate` in a process of its own, as a user runs it."""

    def run(*arguments: object, path: Path | None = None) -> subprocess.Popen:
        python_path = os.pathsep.join([*map(str, filter(None, [path])), str(REPO)])
        return subprocess.Popen(
            [sys.executable, '-m', 'fanet_mmpose', 'annotate', *map(str, arguments),
             '--model', model, '--detector', 'whole_image', '--passes', '1'],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env={**os.environ, 'PYTHONPATH': python_path},
        )  # fmt: skip

    return run


@pytest.fixture
def annotate(start: Callable[..., subprocess.Popen]) -> Callable[..., tuple[int, str, str]]:
    """`start`, waited for: exit code, stdout, stderr."""

    def run(*arguments: object, **options: object) -> tuple[int, str, str]:
        process = start(*arguments, **options)
        said, errors = process.communicate(timeout=300)
        return process.returncode, said, errors

    return run


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 140 kB."""
    disk = tmp_path / 'disk'
    disk.mkdir()
    command = ['mount', '-t', 'tmpfs', '-o', 'size=140k', 'tmpfs', str(disk)]
    if not shutil.which('mount') or subprocess.run(command, capture_output=True).returncode:
        pytest.skip('this user may mount no file system')
    yield disk
    subprocess.run(['umount', str(disk)], check=True)
