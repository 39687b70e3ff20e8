"""The first picture of `make demo` needs what the first step of the set-up brings, and no more."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from fanet_mmpose.demo_photograph import landmarks_on_photograph, save_picture
from fanet_mmpose.errors import UserError

HEAVY = ('torch', 'torchvision', 'mmcv', 'mmengine', 'mmdet', 'mmpose', 'onnx', 'skimage', 'scipy')
# What is None in `sys.modules` cannot be imported.
HIDE = f'import sys; sys.modules.update(dict.fromkeys({HEAVY})); '


def test_the_picture_comes_without_pytorch(repo: Path, tmp_path: Path) -> None:
    code = 'import runpy; runpy.run_path(sys.argv.pop(1), run_name="__main__")'
    tool = repo / 'tools/misc/demo.py'
    command = [sys.executable, '-c', HIDE + code, tool, '--step', 'photograph', '--out', tmp_path]
    done = subprocess.run(command, capture_output=True, text=True, cwd=repo)
    assert done.returncode == 0, done.stderr
    first = done.stdout.splitlines()[0]
    first_words = f'{tmp_path / "photograph.png"}: 68 landmarks on 1 face, by the shipped'
    assert first.startswith(first_words)
    assert 'Next' in done.stdout
    assert 'minutes' in done.stdout
    drawn, plain = cv2.imread(str(tmp_path / 'photograph.png')), repo / 'demo/astronaut.jpg'
    assert (drawn != cv2.imread(str(plain))).any(-1).sum() > 500  # the points


def test_a_photograph_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r'nobody\.jpg: cannot be read'):
        landmarks_on_photograph(tmp_path / 'nobody.jpg', lambda _: [], tmp_path / 'out.png')
    assert not list(tmp_path.iterdir())


def test_pictures_are_written_as_they_are(tmp_path: Path) -> None:
    picture = np.random.default_rng(0).integers(0, 256, (4, 5, 3), dtype=np.uint8)
    save_picture(tmp_path / 'a' / 'b.png', picture)
    assert (cv2.imread(str(tmp_path / 'a' / 'b.png')) == picture).all()
